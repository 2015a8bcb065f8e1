// pass: semi-expand
MATCH (p:Person), (e:Event)
WHERE NOT (p)-[:PARTICIPATED_IN]->(e) AND EXISTS { (p)-[:CITIZEN_OF]->() }
RETURN p, e
