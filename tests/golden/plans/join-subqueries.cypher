// pass: join-subqueries eagerly
MATCH (p:Person)
WHERE EXISTS { (p)-[:PARTICIPATED_IN]->(e:Event)-[:HELD_AT]->(f:Forum {name: $at}) }
  AND NOT EXISTS { (p)-[:PARTICIPATED_IN]->(:Event)-[:DISCUSSED]->(:Topic {name: $never}) }
RETURN p.name, COUNT { (p)-[:CITIZEN_OF]->(c)-[:PARTY_TO]->(x) WHERE x.year > 2021 } AS n
