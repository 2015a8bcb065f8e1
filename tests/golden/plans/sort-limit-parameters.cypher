// pass: sort-limit
MATCH (e:Event) WITH e ORDER BY e.year LIMIT $n MATCH (e)-[:HELD_AT]->(f) RETURN e.year AS year, f.name AS name ORDER BY name SKIP $from LIMIT $n
