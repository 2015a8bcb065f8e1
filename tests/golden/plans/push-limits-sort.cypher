// pass: push-limits
MATCH (p:Person)-[:PARTICIPATED_IN]->(e:Event)
RETURN p.name AS name, e.year AS year, [(e)-[:DISCUSSED]->(t) | t.name] AS topics, p.name + '!' AS loud
ORDER BY year DESC LIMIT 3
