// pass: push-filters
MATCH (e:Event) UNWIND [1, 2] AS x WITH e AS f, x OPTIONAL MATCH (f)-[:HELD_AT]->(g) WITH f, g, x WHERE f.year = 2020 AND x = 1 AND g.name = 'G7' RETURN f, g, x
