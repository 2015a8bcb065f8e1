// pass: inline-calls
MATCH (c:Country)
CALL (c) { MATCH (c)-[:PARTY_TO]->(e) WHERE e.year > 2021 RETURN e AS event }
CALL (c) { MATCH (c)<-[:CITIZEN_OF]-(p) RETURN count(*) AS people }
CALL (c) { MATCH (c)<-[:CITIZEN_OF]-(p) RETURN collect(p.name) AS names, max(p.name) AS last }
OPTIONAL CALL (event) { MATCH (event)-[:HELD_AT]->(f) RETURN f }
CALL (f) { MATCH (f)<-[:HELD_AT]-(x) RETURN x ORDER BY x.year LIMIT 1 }
RETURN c, event, people, names, last, f, x
