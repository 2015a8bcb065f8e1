MATCH (a:Country)-[:PARTY_TO]->(e:Event)
MATCH (e)<-[:PARTY_TO]-(b:Country)
MATCH (b)-[:PARTY_TO]->(f)
WHERE NOT (a)-[:PARTY_TO]->(f)
RETURN a.name, count(*) AS n
