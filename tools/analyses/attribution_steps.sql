-- One row is one move from a touchpoint to the next, or one touchpoint, with how many journeys had it.
WITH judged AS (
    SELECT
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.steps - CASE WHEN scoped_journey.outcome = 'converted' THEN 1 ELSE 0 END
            AS length
    FROM scoped_journey
    WHERE scoped_journey.mature
),
step_move AS (
    SELECT
        scoped_step.touchpoint_id,
        CASE
            WHEN NOT (scoped_step.converted AND scoped_step.step + 1 = scoped_step.journey_steps)
                THEN scoped_step.next_touchpoint_id
        END AS next_touchpoint_id,
        scoped_step.converted,
        count(*) AS moves,
        count(*) FILTER (WHERE scoped_step.step = 1) AS began,
        count(*) FILTER (WHERE scoped_step.first_visit) AS journeys
    FROM scoped_step
    WHERE scoped_step.is_mature AND NOT scoped_step.is_end
    GROUP BY ALL
),
named AS (
    SELECT
        touchpoint.label AS name,
        following.label AS next_name,
        step_move.converted,
        step_move.moves,
        step_move.began,
        step_move.journeys
    FROM step_move
    JOIN touchpoint ON step_move.touchpoint_id = touchpoint.touchpoint_id
    LEFT JOIN touchpoint AS following
        ON step_move.next_touchpoint_id = following.touchpoint_id
    UNION ALL
    SELECT
        $not_known AS name,
        NULL AS next_name,
        judged.converted,
        count(*) AS moves,
        count(*) AS began,
        count(*) AS journeys
    FROM judged
    WHERE judged.length = 0
    GROUP BY judged.converted
),
counted AS (
    SELECT 'move' AS aspect, named.name, named.next_name, named.converted, named.moves, named.began
    FROM named
    UNION ALL
    SELECT 'name' AS aspect, named.name, NULL AS next_name, named.converted,
        named.journeys AS moves, 0 AS began
    FROM named
)
SELECT
    counted.aspect,
    counted.name,
    counted.next_name,
    counted.converted,
    CAST(sum(counted.moves) AS BIGINT) AS moves,
    CAST(sum(counted.began) AS BIGINT) AS began
FROM counted
GROUP BY counted.aspect, counted.name, counted.next_name, counted.converted
ORDER BY counted.aspect, counted.name, counted.next_name NULLS FIRST, counted.converted
