// pass: join-matches
MATCH (a:Country)-[:PARTY_TO]->(e:Event)
MATCH (b:Country)-[:PARTY_TO]->(g:Event)
MATCH (e)-[:HELD_AT]->(f:Forum)<-[:HELD_AT]-(g)
RETURN f.name, count(*) AS n
