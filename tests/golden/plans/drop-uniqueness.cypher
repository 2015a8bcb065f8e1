// pass: drop-uniqueness
MATCH (c:Country)-[:PARTY_TO]->(e:Event)<-[:PARTY_TO]-(d:Country), (e)-[:HELD_AT]->(f), (e)-[:DISCUSSED|HELD_AT*1..2]->(x) RETURN c, d, f, x
