// pass: implied-labels
MATCH (e:Event)-[:HELD_AT]->(f:Forum), (e)<-[:PARTY_TO]-(c:Country)
RETURN f, count(c)
