-- DuckDB: duckdb < findings.sql, beside findings*.parquet of gwlogs diagnose --format parquet -o findings.parquet BUNDLES.

-- Which problems are there, by week?
SELECT date_trunc('week', last) AS week, title, count(DISTINCT coalesce(bundle, computer)) AS gateways, sum(count) AS events
FROM 'findings*.parquet' GROUP BY ALL ORDER BY week DESC, gateways DESC, title;

-- Which gateways have a problem that goes on, and since when are they how?
SELECT computer, any_value(state) AS state, any_value(version) AS version, list(signature ORDER BY signature) AS problems
FROM 'findings*.parquet' WHERE ongoing GROUP BY computer ORDER BY computer;

-- The first step of each.
SELECT DISTINCT signature, resolution[1] AS first_step FROM 'findings*.parquet' ORDER BY signature;
