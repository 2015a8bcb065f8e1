MATCH (:Country {iso2: 'US'})-[:PARTY_TO]->(t:Event {year: 2021})<-[:PARTY_TO]-(:Country {iso2: 'JP'}), (t)-[:HELD_AT]->(f:Forum)
RETURN f.name AS forum, count(DISTINCT t) AS talks ORDER BY talks DESC, forum LIMIT 5
