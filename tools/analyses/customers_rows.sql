-- One row is one journey among those asked for, the newest first, beside counts over all of them.
WITH asked AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.person_id,
        scoped_journey.started_at,
        scoped_journey.ended_at,
        scoped_journey.outcome,
        scoped_journey.steps,
        scoped_journey.first_channel,
        scoped_journey.value,
        scoped_journey.last_touchpoint_id AS touchpoint_id
    FROM scoped_journey
    WHERE ($who = 'all' OR scoped_journey.outcome = $who)
        AND ($everywhere OR list_contains($touchpoint_ids, scoped_journey.last_touchpoint_id))
)
SELECT
    asked.journey_id,
    asked.person_id,
    asked.started_at,
    asked.ended_at,
    asked.outcome,
    asked.steps,
    asked.first_channel,
    asked.value,
    touchpoint.label AS touchpoint
FROM asked
LEFT JOIN touchpoint ON asked.touchpoint_id = touchpoint.touchpoint_id
ORDER BY asked.ended_at DESC, asked.journey_id
LIMIT $top
