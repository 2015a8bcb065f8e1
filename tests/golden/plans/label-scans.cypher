// pass: label-scans
MATCH (a {iso2: 'US'})-[:PARTY_TO]->(e)-[:HELD_AT]->(f)
RETURN f.name
