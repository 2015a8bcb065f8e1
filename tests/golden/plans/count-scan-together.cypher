MATCH (a)-[:PARTY_TO]->(e:Event)-[:HELD_AT]->(f)
OPTIONAL MATCH (e)-[:ABOUT]->(t)
RETURN count(*)
