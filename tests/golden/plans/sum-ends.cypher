// pass: sum-ends
MATCH (a:Country)-[:PARTY_TO]->(e:Event)
MATCH (e)<-[:PARTY_TO]-(b)
MATCH (b)-[:PARTY_TO]->(f)
RETURN a, count(*)
