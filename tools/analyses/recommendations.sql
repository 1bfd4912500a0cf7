-- One row is one touchpoint: people by their first mature journey who came to it, went on from it and converted then; and those who got as deep as it usually stands and never came to it.
WITH subject AS NOT MATERIALIZED (
    SELECT
        scoped_journey.started_at,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.steps - CASE WHEN scoped_journey.outcome = 'converted' THEN 1 ELSE 0 END
            AS length
    FROM scoped_journey
    WHERE scoped_journey.mature AND scoped_journey.is_first
),
span AS (
    SELECT
        count(*) AS persons,
        (epoch(max(subject.started_at)) - epoch(min(subject.started_at))) / 86400.0 AS days
    FROM subject
),
arrival AS NOT MATERIALIZED (
    SELECT
        scoped_step.touchpoint_id,
        scoped_step.step,
        scoped_step.converted,
        scoped_step.journey_steps - CASE WHEN scoped_step.converted THEN 1 ELSE 0 END AS length
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
),
came AS (
    SELECT
        arrival.touchpoint_id,
        count(*) AS persons,
        count(*) FILTER (WHERE arrival.converted) AS converted,
        count(*) FILTER (WHERE arrival.converted OR arrival.step < arrival.length) AS went_on,
        median(arrival.step) AS usual_step
    FROM arrival
    GROUP BY arrival.touchpoint_id
),
size AS (
    SELECT subject.length, subject.converted, count(*) AS persons
    FROM subject
    GROUP BY subject.length, subject.converted
),
as_deep AS (
    SELECT
        came.touchpoint_id,
        sum(size.persons) AS persons,
        coalesce(sum(size.persons) FILTER (WHERE size.converted), 0) AS converted
    FROM came
    JOIN size ON size.length >= came.usual_step
    GROUP BY came.touchpoint_id
),
came_as_deep AS (
    SELECT
        arrival.touchpoint_id,
        count(*) AS persons,
        count(*) FILTER (WHERE arrival.converted) AS converted
    FROM arrival
    JOIN came ON arrival.touchpoint_id = came.touchpoint_id
    WHERE arrival.length >= came.usual_step
    GROUP BY arrival.touchpoint_id
)
SELECT
    touchpoint.label AS touchpoint,
    came.persons,
    came.converted,
    came.went_on,
    CAST(as_deep.persons - came_as_deep.persons AS BIGINT) AS missed,
    CAST(as_deep.converted - came_as_deep.converted AS BIGINT) AS missed_converted,
    span.days,
    span.persons AS everyone
FROM came
JOIN touchpoint ON came.touchpoint_id = touchpoint.touchpoint_id
JOIN as_deep ON came.touchpoint_id = as_deep.touchpoint_id
JOIN came_as_deep ON came.touchpoint_id = came_as_deep.touchpoint_id
CROSS JOIN span
ORDER BY came.persons DESC, touchpoint.label
