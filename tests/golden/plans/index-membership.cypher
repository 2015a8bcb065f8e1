// pass: index-seek
MATCH (p:Person) WHERE p.name = 'x' OR p.name = 'y' RETURN p.name
