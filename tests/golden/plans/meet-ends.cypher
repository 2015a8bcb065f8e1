// pass: meet-ends
MATCH (a:Country)-[:PARTY_TO]->(e:Event)<-[:PARTY_TO]-(b:Country)-[:PARTY_TO]->(g:Event)<-[:PARTY_TO]-(a)
RETURN a.name, b.name, count(*) AS n
