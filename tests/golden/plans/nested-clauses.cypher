MATCH (f:Forum) CALL (f) { MATCH (f)<-[:HELD_AT]-(e:Event) RETURN count(e) AS events } OPTIONAL CALL (f) { MATCH (f)-[:ABOUT]->(t) RETURN t }
FOREACH (x IN range(1, events) | SET f:$('Seen' + x) CREATE (f)-[:N]->(:Note {n: x}))
CALL (f) { MERGE (:Log {name: f.name}) }
RETURN f.name, events, t
