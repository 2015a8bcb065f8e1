// pass: reach-ends
MATCH (t:Topic {name: 'topic 1'})-[:BROADER|DISCUSSED*2..4]-(u:Topic)
WITH t, count(DISTINCT u) AS near
MATCH (t)-[:BROADER*]->(v)
RETURN DISTINCT v
