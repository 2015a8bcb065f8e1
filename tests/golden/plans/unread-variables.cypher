// pass: unread-variables
MATCH p = (c:Country)-[:PARTY_TO]->(e:Event)-[:HELD_AT]->(f) OPTIONAL MATCH (e)-[r:DISCUSSED]->(t) WITH c, e, f, t RETURN c.iso2, count(*)
