MATCH p = shortestPath((a:Topic {name: 'topic 7'})-[r:BROADER*..5]->(b:Topic))
WHERE length(p) > 1 AND all(q IN r WHERE q.weight > 0)
RETURN b.name, length(p)
