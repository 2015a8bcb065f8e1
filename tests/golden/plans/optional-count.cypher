// pass: optional-count
MATCH (f:Forum)
OPTIONAL MATCH (f)<-[:HELD_AT]-()
RETURN f, count(*)
