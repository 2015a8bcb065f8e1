// pass: index-seek
MATCH (c:Country {iso2: 'JP'})-[:PARTY_TO]->(e:Event)<-[:PARTICIPATED_IN]-(p:Person) WHERE p.name <> 'x' RETURN p.name
