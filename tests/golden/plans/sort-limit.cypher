// pass: sort-limit
MATCH (e:Event) RETURN e.year AS year ORDER BY year DESC SKIP 5 LIMIT 10
