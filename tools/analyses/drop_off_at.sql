-- One row is one touchpoint just before, or one just after, the first visit to the one asked
-- about, or one segment of the journeys that visited it; mature journeys only.
WITH visited AS (
    SELECT
        scoped_step.journey_id,
        min(scoped_step.step) AS first_step,
        max(scoped_step.step) AS last_step
    FROM scoped_step
    WHERE NOT scoped_step.is_end
        AND ($everywhere
            OR list_contains(CAST($touchpoint_ids AS INTEGER[]), scoped_step.touchpoint_id))
    GROUP BY scoped_step.journey_id
),
judged AS (
    SELECT
        scoped_journey.journey_id,
        visited.first_step,
        CASE
            WHEN scoped_journey.outcome = 'dropped' AND visited.last_step = scoped_journey.steps
                THEN 1
            ELSE 0
        END AS exits,
        scoped_journey.outcome = 'converted' AND visited.first_step + 1 = scoped_journey.steps
            AS converts_next,
        NULL /* field */ AS segment
    FROM scoped_journey
    LEFT JOIN visited ON scoped_journey.journey_id = visited.journey_id
    WHERE scoped_journey.mature AND ($everywhere OR visited.journey_id IS NOT NULL)
),
neighbour AS (
    SELECT
        judged.journey_id,
        CASE WHEN scoped_step.step < judged.first_step THEN 'before' ELSE 'after' END AS aspect,
        CASE
            WHEN scoped_step.step < judged.first_step THEN scoped_step.touchpoint_id
            WHEN NOT judged.converts_next THEN scoped_step.next_touchpoint_id
        END AS touchpoint_id,
        judged.converts_next AND scoped_step.step = judged.first_step AS converted,
        judged.exits
    FROM judged
    JOIN scoped_step ON judged.journey_id = scoped_step.journey_id
    WHERE NOT $everywhere
        AND scoped_step.step BETWEEN judged.first_step - 1 AND judged.first_step
),
counted AS (
    SELECT
        neighbour.aspect,
        neighbour.touchpoint_id,
        neighbour.converted,
        NULL AS segment,
        count(*) AS journeys,
        sum(neighbour.exits) AS exits
    FROM neighbour
    GROUP BY neighbour.aspect, neighbour.touchpoint_id, neighbour.converted
    UNION ALL
    SELECT
        'before' AS aspect,
        NULL AS touchpoint_id,
        FALSE AS converted,
        NULL AS segment,
        count(*) AS journeys,
        sum(judged.exits) AS exits
    FROM judged
    WHERE NOT $everywhere AND judged.first_step = 1
    UNION ALL
    SELECT
        'segment' AS aspect,
        NULL AS touchpoint_id,
        FALSE AS converted,
        CAST(judged.segment AS VARCHAR) AS segment,
        count(*) AS journeys,
        sum(judged.exits) AS exits
    FROM judged
    WHERE $by_segment
    GROUP BY judged.segment
)
SELECT
    counted.aspect,
    touchpoint.label,
    counted.converted,
    counted.segment,
    counted.journeys,
    CAST(counted.exits AS BIGINT) AS exits
FROM counted
LEFT JOIN touchpoint ON counted.touchpoint_id = touchpoint.touchpoint_id
WHERE counted.journeys > 0
ORDER BY counted.aspect, counted.journeys DESC, touchpoint.label, counted.segment
