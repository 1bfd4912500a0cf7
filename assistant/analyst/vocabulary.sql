-- One row is one touchpoint of converted journeys: how many reach it, and how early.
WITH converted AS (
    SELECT scoped_journey.journey_id
    FROM scoped_journey
    WHERE scoped_journey.outcome = 'converted'
),
reached AS (
    SELECT scoped_step.touchpoint_id, scoped_step.journey_id, min(scoped_step.step) AS step
    FROM scoped_step
    JOIN converted ON converted.journey_id = scoped_step.journey_id
    WHERE NOT scoped_step.is_end
    GROUP BY scoped_step.touchpoint_id, scoped_step.journey_id
)
SELECT
    touchpoint.label,
    count(*) AS journeys,
    (SELECT count(*) FROM converted) AS converted,
    avg(reached.step) AS step
FROM reached
JOIN touchpoint ON touchpoint.touchpoint_id = reached.touchpoint_id
GROUP BY touchpoint.label
ORDER BY step, journeys DESC, touchpoint.label
