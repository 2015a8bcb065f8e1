// pass: measure-paths
MATCH p = (t:Topic)-[r:BROADER*]->(u)<-[:DISCUSSED]-(e) WHERE length(p) < 5 AND 1 < length(p) RETURN t.name, length(p), size(r)
