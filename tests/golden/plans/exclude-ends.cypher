// pass: exclude-ends
MATCH (a:Country)-[:PARTY_TO]->(e:Event)
MATCH (e)<-[:PARTY_TO]-(b)
WHERE a <> b
RETURN a, count(*)
