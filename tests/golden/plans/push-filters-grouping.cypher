// pass: push-filters
MATCH (e:Event)-[:HELD_AT]->(f) WITH f, count(*) AS n WHERE f.name = 'G7' AND n > 1 RETURN f, n
