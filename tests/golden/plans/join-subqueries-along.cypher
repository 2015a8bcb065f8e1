// pass: join-subqueries eagerly
MATCH (c:Country)
WHERE EXISTS { (c)-[:PARTY_TO]->(x:Event) }
RETURN c.iso2
