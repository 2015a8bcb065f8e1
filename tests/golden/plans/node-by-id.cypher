// pass: node-by-id
MATCH (e:Event)-[:HELD_AT]->(f) WHERE id(e) = $id AND e.year > 2020 RETURN f
