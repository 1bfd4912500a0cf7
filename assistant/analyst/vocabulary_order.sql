-- One row is one pair of touchpoints: in how many of the journeys with both one comes first.
WITH reached AS (
    SELECT scoped_step.journey_id, scoped_step.touchpoint_id, min(scoped_step.step) AS step
    FROM scoped_step
    WHERE scoped_step.journey_id % $every = 0
    GROUP BY scoped_step.journey_id, scoped_step.touchpoint_id
)
SELECT
    earlier.label AS earlier,
    later.label AS later,
    count(*) FILTER (WHERE one.step < other.step) AS first_come,
    count(*) AS together
FROM reached AS one
JOIN reached AS other
    ON other.journey_id = one.journey_id AND other.touchpoint_id <> one.touchpoint_id
JOIN touchpoint AS earlier ON earlier.touchpoint_id = one.touchpoint_id
JOIN touchpoint AS later ON later.touchpoint_id = other.touchpoint_id
GROUP BY earlier.label, later.label
ORDER BY earlier.label, later.label
