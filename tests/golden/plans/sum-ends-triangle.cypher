// pass: sum-ends
MATCH (a:Topic)-[:BROADER]-(b)-[:BROADER]-(c)-[:BROADER]-(a)
RETURN count(*)
