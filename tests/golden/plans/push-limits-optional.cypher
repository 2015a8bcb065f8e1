// pass: push-limits
MATCH (p:Person)
OPTIONAL MATCH (p)-[:CITIZEN_OF]->(c)
OPTIONAL MATCH (p)-[:PARTICIPATED_IN]->(e:Event) WHERE e.year > 2021
RETURN p.name AS name, c, e SKIP 2 LIMIT 5
