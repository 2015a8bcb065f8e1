// pass: index-seek
MATCH (a:Person)-[r:PARTICIPATED_IN {role: 'host'}]->(b) RETURN a.name
