-- One row is one count: of the journeys that reached any of some touchpoints.
WITH reached AS (
    SELECT
        scoped_step.journey_id,
        max(scoped_step.step) AS step
    FROM scoped_step
    WHERE NOT scoped_step.is_end
        AND list_contains(CAST($touchpoint_ids AS INTEGER[]), scoped_step.touchpoint_id)
    GROUP BY scoped_step.journey_id
),
judged AS (
    SELECT
        scoped_journey.mature,
        scoped_journey.outcome = 'dropped' AND reached.step = scoped_journey.steps AS is_exit
    FROM reached
    JOIN scoped_journey ON reached.journey_id = scoped_journey.journey_id
)
SELECT
    count(*) AS journeys,
    count(*) FILTER (WHERE judged.is_exit) AS exits,
    count(*) FILTER (WHERE judged.mature) AS mature,
    count(*) FILTER (WHERE judged.mature AND judged.is_exit) AS mature_exits
FROM judged
ORDER BY journeys
