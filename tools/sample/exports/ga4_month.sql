-- One row is one line of a month's GA4 file, the bad ones and the repeated ones included.
WITH row_of_month AS (
    SELECT *, row_number() OVER (ORDER BY at_ms, rank, shape, person) AS place
    FROM ga
    WHERE at_ms >= getvariable('month_start') - getvariable('overlap') AND at_ms < getvariable('month_end')
), copied AS (
    SELECT *, '' AS defect FROM row_of_month
    UNION ALL
    SELECT r.*, b.defect
    FROM row_of_month AS r JOIN bad_place AS b ON b.system = 'ga4' AND b.place = r.place
), line AS (
    SELECT c.place, c.defect,
        '{"event_date":"' || strftime(stamp(c.at_ms), '%Y%m%d') || '","event_timestamp":"'
        || CASE c.defect WHEN 'empty event_timestamp' THEN '' ELSE (c.at_ms * 1000)::VARCHAR END
        || s.head || c.session_id::VARCHAR || s.params
        || CASE c.defect WHEN 'empty user_pseudo_id' THEN '' ELSE d.id END
        || CASE WHEN c.signed_in THEN format('","user_id":"u_{:07d}",', c.person) ELSE '",' END
        || d.tail || coalesce(j.collected, '') || ',"platform":"WEB"}' AS text
    FROM copied AS c
    JOIN shape AS s ON s.shape = c.shape AND s.variant = c.variant
    JOIN ga_device AS d ON d.person = c.person AND d.client = c.client
    LEFT JOIN ga_journey AS j ON j.journey = c.journey
)
SELECT CASE defect WHEN 'line cut off' THEN left(text, 150) ELSE text END AS line
FROM line
ORDER BY place, defect
