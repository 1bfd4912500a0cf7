-- One row is one source on one day: its events, whatever the segment.
WITH counted AS (
    SELECT event.source, CAST(event.occurred_at AS DATE) AS day, count(*) AS events
    FROM event
    WHERE event.occurred_at < CAST($end AS TIMESTAMP)
    GROUP BY event.source, day
)
SELECT counted.source, counted.day, counted.events
FROM counted
ORDER BY counted.source, counted.day
