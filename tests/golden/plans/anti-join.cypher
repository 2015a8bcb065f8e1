// pass: anti-join
MATCH (p:Person)
OPTIONAL MATCH (p)-[r:PARTICIPATED_IN]->(e:Event {year: 2021})
WITH p, e
WHERE e IS NULL
RETURN p.name
