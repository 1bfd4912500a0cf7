-- One row is one count: of the journeys that reached any of some touchpoints.
WITH visit AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.dropped AND scoped_step.next_touchpoint_id IS NULL AS is_exit,
        scoped_step.is_mature
    FROM scoped_step
    WHERE NOT scoped_step.is_end
        AND list_contains(CAST($touchpoint_ids AS INTEGER[]), scoped_step.touchpoint_id)
)
SELECT
    count(DISTINCT visit.journey_id) AS journeys,
    count(*) FILTER (WHERE visit.is_exit) AS exits,
    count(DISTINCT CASE WHEN visit.is_mature THEN visit.journey_id END) AS mature,
    count(*) FILTER (WHERE visit.is_mature AND visit.is_exit) AS mature_exits
FROM visit
ORDER BY journeys
