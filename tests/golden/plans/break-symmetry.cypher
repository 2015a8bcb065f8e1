// pass: break-symmetry
MATCH (a:Topic)-[:BROADER]-(b:Topic)-[:BROADER]-(c:Topic)-[:BROADER]-(a), (a)-[:BROADER]-(d), (b)-[:BROADER]-(d), (c)-[:BROADER]-(d)
RETURN d.name, count(*)
