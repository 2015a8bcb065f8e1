MATCH (f:Forum) RETURN f.name AS name UNION MATCH (c:Country) RETURN c.iso2 AS name
