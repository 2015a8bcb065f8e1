// pass: push-distinct eagerly
MATCH (c:Country)-[:PARTY_TO]->(e)
MATCH (e)-[:DISCUSSED]->(t)
MATCH (t)-[:BROADER]->(u)
RETURN DISTINCT c.iso2 AS code, u
