// pass: combine-rows
MATCH (a:Event)<-[:PARTY_TO]-(b)
WITH a
MATCH (a)-[:HELD_AT]->(f)
WITH f
MATCH (f)<-[:HELD_AT]-(e)
RETURN count(*) AS n
