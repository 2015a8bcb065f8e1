// pass: join-matches
MATCH (f:Forum)<-[:EDITION_OF]-(e:Event)
MATCH (f)<-[:EDITION_OF]-(other:Event)
MATCH (e)-[:NEXT]->(other)
RETURN f.name, count(*) AS n
