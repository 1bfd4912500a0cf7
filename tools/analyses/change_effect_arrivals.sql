-- One row is one touchpoint before, or since, the change: mature journeys that first came to it then, and those of them that ended right there.
WITH arrived AS (
    SELECT
        scoped_step.touchpoint_id,
        scoped_step.occurred_at >= $on AS is_after,
        CASE
            WHEN scoped_journey.outcome = 'dropped' AND scoped_step.step = scoped_journey.steps THEN 1
            ELSE 0
        END AS has_left
    FROM scoped_step
    JOIN scoped_journey ON scoped_step.journey_id = scoped_journey.journey_id
    WHERE scoped_journey.mature
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND scoped_step.occurred_at >= $since
        AND scoped_step.occurred_at < $until
)
SELECT
    touchpoint.label AS touchpoint,
    arrived.is_after,
    count(*) AS journeys,
    CAST(sum(arrived.has_left) AS BIGINT) AS exits
FROM arrived
JOIN touchpoint ON arrived.touchpoint_id = touchpoint.touchpoint_id
GROUP BY touchpoint.label, arrived.is_after
ORDER BY touchpoint.label, arrived.is_after
