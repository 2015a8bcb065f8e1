MATCH p = (a:Topic {name: 'topic 7'}) ((x)-[r:BROADER]->(y:Topic WHERE x.name > y.name))+ (b)-[:BROADER]->{0,2}(c)
RETURN [n IN x | n.name], length(p), c.name
