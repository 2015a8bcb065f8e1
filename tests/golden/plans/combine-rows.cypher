// pass: combine-rows
MATCH (a)-[:PARTY_TO]->(e)
MATCH (e)<-[:PARTY_TO]-(b)
MATCH (b)-[:PARTY_TO]->(f)
MATCH (f)<-[:PARTY_TO]-(c)
MATCH (c)-[:PARTY_TO]->(g)
RETURN count(*)
