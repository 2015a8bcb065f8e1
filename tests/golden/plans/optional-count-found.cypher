// pass: optional-count
MATCH (f:Forum)
OPTIONAL MATCH (f)<-[:HELD_AT]-(e)
RETURN f, count(e), count(*)
