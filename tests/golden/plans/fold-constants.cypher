// pass: fold-constants
MATCH (e:Event) WHERE e.year = 2020 + 2 * 2 AND true AND e.date > date('2024-01-01') AND e.x IN [1, 2, 1 / 0] RETURN e.name, toUpper('a') AS a
