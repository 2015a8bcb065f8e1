MATCH (e:Event)-[h:HELD_AT]->(f:Forum) SET e.forum = f.name REMOVE f:Old DELETE h CREATE (e)-[n:IN {of: e.year}]->(f) RETURN n LIMIT 1
