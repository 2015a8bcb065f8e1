UNWIND $rows AS row MATCH (c:Country {iso2: row.country}) MERGE (p:Person {name: row.name}) ON CREATE SET p.new = true
MERGE (p)-[r:CITIZEN_OF]->(c) ON MATCH SET r.seen = true RETURN count(r)
