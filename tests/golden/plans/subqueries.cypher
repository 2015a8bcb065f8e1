MATCH (p:Person)-[:PARTICIPATED_IN]->(e:Event) WHERE NOT EXISTS { (e)-[:HELD_AT]->(:Forum {name: 'G7'}) } AND p.name = 'person 1'
RETURN e.year AS year, [(e)-[:DISCUSSED]->(t) WHERE t.name <> p.name | t.name] AS topics, COUNT { MATCH (e)<-[:PARTY_TO]-(c) RETURN DISTINCT c } AS parties
