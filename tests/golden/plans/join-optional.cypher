// pass: join-optional eagerly
MATCH (f:Forum), (c:Country)
OPTIONAL MATCH (f)<-[:HELD_AT]-(e:Event)<-[:PARTY_TO]-(c)
RETURN f.name, c.iso2, count(e) AS n
