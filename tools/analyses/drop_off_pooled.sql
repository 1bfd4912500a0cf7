-- One row is one count: of the journeys that reached any of some touchpoints. Steps are taken in the
-- order in which they stand: a journey is new where the step before was another's.
WITH visit AS (
    SELECT
        scoped_step.is_mature,
        lag(scoped_step.journey_id) OVER (/* unless in order: PARTITION BY scoped_step.journey_id */)
            IS DISTINCT FROM scoped_step.journey_id AS is_new
    FROM scoped_step
    WHERE NOT scoped_step.is_end
        AND scoped_step.first_visit
        AND list_extract(CAST($is_pooled AS BOOLEAN[]), scoped_step.touchpoint_id)
)
SELECT
    count(*) FILTER (WHERE visit.is_new) AS journeys,
    count(*) FILTER (WHERE visit.is_new AND visit.is_mature) AS mature
FROM visit
ORDER BY journeys
