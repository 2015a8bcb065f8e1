// pass: push-limits
MATCH (e:Event)
RETURN e.year AS year, COUNT { (e)<-[:PARTY_TO]-() } AS parties SKIP 5 LIMIT 10
