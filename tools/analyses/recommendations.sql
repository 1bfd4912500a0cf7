-- One row is one touchpoint: people by their first mature journey who came to it, went on from it and converted then; and those who got as deep as it usually stands and never came to it.
WITH size AS (
    SELECT
        scoped_journey.steps - CASE WHEN scoped_journey.outcome = 'converted' THEN 1 ELSE 0 END
            AS length,
        scoped_journey.outcome = 'converted' AS converted,
        count(*) AS persons,
        min(scoped_journey.started_at) AS first_at,
        max(scoped_journey.started_at) AS last_at
    FROM scoped_journey
    WHERE scoped_journey.mature AND scoped_journey.is_first
    GROUP BY length, converted
),
span AS (
    SELECT
        sum(size.persons) AS persons,
        (epoch(max(size.last_at)) - epoch(min(size.first_at))) / 86400.0 AS days
    FROM size
),
arrival AS (
    SELECT
        scoped_step.touchpoint_id,
        scoped_step.step,
        scoped_step.journey_steps - CASE WHEN scoped_step.converted THEN 1 ELSE 0 END AS length,
        scoped_step.converted,
        count(*) AS persons
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
    GROUP BY scoped_step.touchpoint_id, scoped_step.step, length, scoped_step.converted
),
reached AS (
    SELECT arrival.touchpoint_id, arrival.step, sum(arrival.persons) AS persons
    FROM arrival
    GROUP BY arrival.touchpoint_id, arrival.step
),
placed AS (
    SELECT
        reached.touchpoint_id,
        reached.step,
        sum(reached.persons) OVER (PARTITION BY reached.touchpoint_id ORDER BY reached.step) AS upto,
        sum(reached.persons) OVER (PARTITION BY reached.touchpoint_id) AS persons
    FROM reached
),
-- The median step: the mean of the two in the middle, which are one where people are odd in number.
usual AS (
    SELECT
        placed.touchpoint_id,
        (
            min(placed.step) FILTER (WHERE 2 * placed.upto >= placed.persons)
            + min(placed.step) FILTER (WHERE 2 * placed.upto > placed.persons)
        ) / 2.0 AS usual_step
    FROM placed
    GROUP BY placed.touchpoint_id
),
came AS (
    SELECT
        arrival.touchpoint_id,
        sum(arrival.persons) AS persons,
        coalesce(sum(arrival.persons) FILTER (WHERE arrival.converted), 0) AS converted,
        coalesce(
            sum(arrival.persons) FILTER (WHERE arrival.converted OR arrival.step < arrival.length), 0
        ) AS went_on,
        sum(arrival.persons) FILTER (WHERE arrival.length >= usual.usual_step) AS as_deep,
        coalesce(
            sum(arrival.persons)
                FILTER (WHERE arrival.length >= usual.usual_step AND arrival.converted),
            0
        ) AS as_deep_converted
    FROM arrival
    JOIN usual ON arrival.touchpoint_id = usual.touchpoint_id
    GROUP BY arrival.touchpoint_id
),
everyone AS (
    SELECT
        usual.touchpoint_id,
        sum(size.persons) AS as_deep,
        coalesce(sum(size.persons) FILTER (WHERE size.converted), 0) AS as_deep_converted
    FROM usual
    JOIN size ON size.length >= usual.usual_step
    GROUP BY usual.touchpoint_id
)
SELECT
    touchpoint.label AS touchpoint,
    CAST(came.persons AS BIGINT) AS persons,
    CAST(came.converted AS BIGINT) AS converted,
    CAST(came.went_on AS BIGINT) AS went_on,
    CAST(everyone.as_deep - came.as_deep AS BIGINT) AS missed,
    CAST(everyone.as_deep_converted - came.as_deep_converted AS BIGINT) AS missed_converted,
    span.days,
    CAST(span.persons AS BIGINT) AS everyone
FROM came
JOIN touchpoint ON came.touchpoint_id = touchpoint.touchpoint_id
JOIN everyone ON came.touchpoint_id = everyone.touchpoint_id
CROSS JOIN span
ORDER BY came.persons DESC, touchpoint.label
