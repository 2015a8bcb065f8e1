// pass: join-cycles eagerly
MATCH (a:Topic)-[:BROADER]->(b)-[:BROADER]->(c)-[:BROADER]->(d)-[:BROADER]->(a) RETURN a.name, count(*)
