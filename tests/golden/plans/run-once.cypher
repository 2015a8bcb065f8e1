// pass: run-once eagerly
MATCH (c:Country)
WHERE EXISTS { (:Event {year: 2020})-[:HELD_AT]->(:Forum) }
CALL () { MATCH (e:Event {year: 2021})-[:HELD_AT]->(f) RETURN f }
RETURN c, f
