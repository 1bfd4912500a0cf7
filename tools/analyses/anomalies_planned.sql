-- One row is one touchpoint: people whose first mature journey came to it and converted, came to it and did not, or ended there.
WITH candidate AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.outcome = 'converted' AS converted,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY scoped_journey.started_at, scoped_journey.journey_id
        ) AS number
    FROM scoped_journey
    WHERE scoped_journey.mature
),
subject AS (
    SELECT candidate.journey_id, candidate.converted
    FROM candidate
    WHERE candidate.number = 1
),
counted AS (
    SELECT
        scoped_step.touchpoint_id,
        count(*) FILTER (WHERE scoped_step.first_visit AND subject.converted) AS converted,
        count(*) FILTER (WHERE scoped_step.first_visit AND NOT subject.converted) AS others,
        count(*) FILTER (
            WHERE scoped_step.next_touchpoint_id IS NULL AND NOT subject.converted
        ) AS ended,
        count(*) AS visits
    FROM scoped_step
    JOIN subject ON scoped_step.journey_id = subject.journey_id
    WHERE NOT scoped_step.is_end
    GROUP BY scoped_step.touchpoint_id
    UNION ALL
    SELECT
        NULL AS touchpoint_id,
        count(*) FILTER (WHERE subject.converted) AS converted,
        count(*) FILTER (WHERE NOT subject.converted) AS others,
        count(*) FILTER (WHERE NOT subject.converted) AS ended,
        0 AS visits
    FROM subject
)
SELECT
    counted.touchpoint_id,
    touchpoint.label,
    counted.converted,
    counted.others,
    counted.ended,
    counted.visits
FROM counted
LEFT JOIN touchpoint ON counted.touchpoint_id = touchpoint.touchpoint_id
ORDER BY counted.touchpoint_id NULLS FIRST
