// pass: drop-uniqueness
MATCH (a:Country)-[:PARTY_TO]->(e:Event)-[:HELD_AT]->(f:Forum), (b:Country)-[:PARTY_TO]->(g:Event)-[:HELD_AT]->(f)
WHERE e <> g
RETURN count(*)
