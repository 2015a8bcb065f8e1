// pass: count-rows
MATCH (c:Country)-[r:PARTY_TO]->(e) OPTIONAL MATCH (e)-[:HELD_AT]->(f) RETURN c, count(r), count(f), count(DISTINCT e)
