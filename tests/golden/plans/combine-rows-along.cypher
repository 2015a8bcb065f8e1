// pass: combine-rows
MATCH (a:Country)-[:PARTY_TO]->(e)
WITH e
MATCH (e:Event)<-[:PARTY_TO]-(b:Country)
WITH b
MATCH (b)-[:PARTY_TO]->(f:Event)
RETURN count(*) AS n
