MATCH (a:Topic {name: 'topic 7'}), (b:Topic {name: 'topic 0'})
MATCH SHORTEST 2 GROUPS (p = (a)-[r:BROADER]->(m:Topic) ((x)-->(y)-->(z) WHERE x.name > z.name)* (b) WHERE length(p) > 2)
RETURN m.name, r.since, shortestPath((a)-[*]-(b)) AS s
