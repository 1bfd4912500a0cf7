-- step: source
-- One row is one source, with what it holds.
WITH loaded AS (
    SELECT
        source,
        count(*) AS files,
        sum(rows_read)::BIGINT AS rows_read,
        sum(rows_rejected)::BIGINT AS rows_rejected,
        max(loaded_at) AS loaded_at
    FROM load
    GROUP BY source
),
happened AS (
    SELECT
        source,
        count(*) FILTER (WHERE kind = 'action') AS events,
        count(*) FILTER (WHERE kind <> 'action') AS exposures,
        count(DISTINCT touchpoint_id) AS touchpoints,
        min(occurred_at) AS first_at,
        max(occurred_at) AS last_at
    FROM event
    GROUP BY source
),
known AS (
    SELECT identifier_source.source, count(DISTINCT identifier.person_id) AS persons
    FROM identifier_source
    JOIN identifier ON identifier.identifier_id = identifier_source.identifier_id
    GROUP BY identifier_source.source
),
written AS (SELECT source, count(*) AS notes FROM note GROUP BY source),
spent AS (
    SELECT source, count(DISTINCT day) AS spend_days, min(day) AS first_day, max(day) AS last_day
    FROM spend
    GROUP BY source
)
SELECT
    loaded.source,
    loaded.files,
    loaded.rows_read,
    loaded.rows_rejected,
    loaded.loaded_at,
    coalesce(happened.events, 0) AS events,
    coalesce(happened.exposures, 0) AS exposures,
    coalesce(written.notes, 0) AS notes,
    coalesce(spent.spend_days, 0) AS spend_days,
    coalesce(known.persons, 0) AS persons,
    coalesce(happened.touchpoints, 0) AS touchpoints,
    coalesce(happened.first_at, spent.first_day::TIMESTAMP) AS first_at,
    coalesce(happened.last_at, spent.last_day::TIMESTAMP) AS last_at
FROM loaded
LEFT JOIN happened ON happened.source = loaded.source
LEFT JOIN known ON known.source = loaded.source
LEFT JOIN written ON written.source = loaded.source
LEFT JOIN spent ON spent.source = loaded.source
ORDER BY loaded.source;

-- step: table
-- One row is one file or page that was taken in, with what became of its rows.
SELECT source, connector, name, rows_read, rows_taken, rows_duplicate, rows_rejected, accounts, loaded_at
FROM load
ORDER BY source, name, load_id;

-- step: reason
-- One row is one reason for which rows of a source were rejected.
SELECT load.source, rejected_row.field, rejected_row.reason, count(*) AS rows
FROM rejected_row
JOIN load ON load.load_id = rejected_row.load_id
GROUP BY load.source, rejected_row.field, rejected_row.reason
ORDER BY load.source, rows DESC, rejected_row.reason, rejected_row.field;

-- step: day
-- One row is one day of one source.
SELECT source, occurred_at::DATE AS day, count(*) AS events
FROM event
GROUP BY source, day
ORDER BY source, day;

-- step: repeats
-- One row: how many events of a day say the same as another of it.
SELECT count(*) - count(DISTINCT (person_id, occurred_at, touchpoint_id, kind))
FROM event
WHERE source = $source AND occurred_at >= $day AND occurred_at < $day + INTERVAL 1 DAY;
