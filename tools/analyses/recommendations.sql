-- One row is one touchpoint: people by their first mature journey who came to it, went on from it and converted then; and those who got as deep as it usually stands and never came to it.
WITH candidate AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.started_at,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.steps - CASE WHEN scoped_journey.outcome = 'converted' THEN 1 ELSE 0 END
            AS length,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY
                scoped_journey.started_at, scoped_journey.ended_at, scoped_journey.journey_id
        ) AS number
    FROM scoped_journey
    WHERE scoped_journey.mature
),
subject AS (
    SELECT candidate.journey_id, candidate.started_at, candidate.converted, candidate.length
    FROM candidate
    WHERE candidate.number = 1
),
span AS (
    SELECT
        count(*) AS persons,
        (epoch(max(subject.started_at)) - epoch(min(subject.started_at))) / 86400.0 AS days
    FROM subject
),
arrival AS (
    SELECT
        scoped_step.touchpoint_id,
        scoped_step.step,
        subject.converted,
        subject.converted OR scoped_step.step < subject.length AS went_on
    FROM scoped_step
    JOIN subject ON scoped_step.journey_id = subject.journey_id
    WHERE scoped_step.first_visit AND NOT scoped_step.is_end
),
came AS (
    SELECT
        arrival.touchpoint_id,
        count(*) AS persons,
        count(*) FILTER (WHERE arrival.converted) AS converted,
        count(*) FILTER (WHERE arrival.went_on) AS went_on,
        median(arrival.step) AS usual_step
    FROM arrival
    GROUP BY arrival.touchpoint_id
),
as_deep AS (
    SELECT
        came.touchpoint_id,
        count(*) AS persons,
        count(*) FILTER (WHERE subject.converted) AS converted
    FROM came
    JOIN subject ON subject.length >= came.usual_step
    GROUP BY came.touchpoint_id
),
came_as_deep AS (
    SELECT
        scoped_step.touchpoint_id,
        count(*) AS persons,
        count(*) FILTER (WHERE subject.converted) AS converted
    FROM scoped_step
    JOIN subject ON scoped_step.journey_id = subject.journey_id
    JOIN came ON scoped_step.touchpoint_id = came.touchpoint_id
    WHERE scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND subject.length >= came.usual_step
    GROUP BY scoped_step.touchpoint_id
)
SELECT
    touchpoint.label AS touchpoint,
    came.persons,
    came.converted,
    came.went_on,
    as_deep.persons - came_as_deep.persons AS missed,
    as_deep.converted - came_as_deep.converted AS missed_converted,
    span.days,
    span.persons AS everyone
FROM came
JOIN touchpoint ON came.touchpoint_id = touchpoint.touchpoint_id
JOIN as_deep ON came.touchpoint_id = as_deep.touchpoint_id
JOIN came_as_deep ON came.touchpoint_id = came_as_deep.touchpoint_id
CROSS JOIN span
ORDER BY came.persons DESC, touchpoint.label
