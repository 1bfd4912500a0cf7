-- One row is one source in the two weeks before or after a day: its events, and how many repeat another.
WITH alike AS (
    SELECT
        event.occurred_at >= CAST($day AS TIMESTAMP) AS after,
        event.person_id,
        event.touchpoint_id,
        event.occurred_at,
        count(*) AS events
    FROM event
    WHERE event.source = $source
        AND event.occurred_at >= CAST($since AS TIMESTAMP)
        AND event.occurred_at < CAST($until AS TIMESTAMP)
    GROUP BY after, event.person_id, event.touchpoint_id, event.occurred_at
)
SELECT
    alike.after,
    CAST(sum(alike.events) AS BIGINT) AS events,
    CAST(sum(alike.events - 1) AS BIGINT) AS repeats
FROM alike
GROUP BY alike.after
ORDER BY alike.after
