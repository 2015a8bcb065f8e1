// pass: push-distinct eagerly
MATCH (c:Country)
MATCH (c)-[:PARTY_TO]->(e)
MATCH (e)-[:DISCUSSED]->(t)
RETURN t.name AS name
UNION
MATCH (p:Person) RETURN p.name AS name
