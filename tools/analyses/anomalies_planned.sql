-- One row is one touchpoint: people whose first mature journey came to it and converted, came to it and did not, or ended there.
WITH subject AS (
    SELECT scoped_journey.outcome = 'converted' AS converted
    FROM scoped_journey
    WHERE scoped_journey.mature AND scoped_journey.is_first
),
counted AS (
    SELECT
        scoped_step.touchpoint_id,
        count(*) FILTER (WHERE scoped_step.first_visit AND scoped_step.converted) AS converted,
        count(*) FILTER (WHERE scoped_step.first_visit AND NOT scoped_step.converted) AS others,
        count(*) FILTER (
            WHERE scoped_step.next_touchpoint_id IS NULL AND NOT scoped_step.converted
        ) AS ended,
        count(*) AS visits
    FROM scoped_step
    WHERE scoped_step.is_mature AND scoped_step.is_first_journey AND NOT scoped_step.is_end
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
