// pass: index-seek
UNWIND $names AS name MATCH (p:Person:Minister) WHERE name = p.name RETURN p
