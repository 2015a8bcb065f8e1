// pass: drop-uniqueness
MATCH (a:Country)-[:PARTY_TO]->(e:Event)<-[:PARTY_TO]-(b:Country)
WHERE a <> b
RETURN count(*)
