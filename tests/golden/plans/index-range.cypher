// pass: index-seek
MATCH (e:Event) WHERE e.year >= 2021 AND 2023 > e.year AND e.kind = 'talks' RETURN e
