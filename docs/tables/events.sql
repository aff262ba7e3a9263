-- DuckDB: duckdb < events.sql, beside events.parquet of gwlogs events --format parquet -o events.parquet LOGS.

-- What was logged, by day and level?
SELECT date_trunc('day', time) AS day, level, count(*) AS events FROM 'events.parquet' GROUP BY ALL ORDER BY ALL;

-- A named value: who logged on?
SELECT time, list_filter(data, lambda x: x.name = 'TargetUserName')[1].value AS who FROM 'events.parquet'
WHERE event_id = 4624 AND channel = 'Security' ORDER BY time_100ns;

-- An unnamed one, as classic events have them: the first.
SELECT time, event_id, data[1].value AS text FROM 'events.parquet' WHERE level IN ('critical', 'error') ORDER BY time_100ns LIMIT 20;

-- Events that are in two files, once.
SELECT DISTINCT ON (computer, channel, record_id, time_100ns) * FROM 'events.parquet';
