// pass: count-scan
MATCH (e:Event)
MATCH (e)<-[:PARTY_TO]-(a)
MATCH (e)-[:HELD_AT]->(f)
RETURN e, count(*)
