-- One row is one touchpoint at one step position; without position, the touchpoint in all;
-- without touchpoint, the scope in all.
WITH visit AS (
    SELECT
        scoped_step.touchpoint_id,
        least(scoped_step.step, $deepest) AS position,
        scoped_step.is_mature,
        scoped_step.first_visit,
        scoped_step.dropped AND scoped_step.next_touchpoint_id IS NULL AS is_exit,
        count(*) AS visits
    FROM scoped_step
    WHERE NOT scoped_step.is_end
    GROUP BY ALL
),
counted AS (
    SELECT
        visit.touchpoint_id,
        visit.position,
        sum(visit.visits) AS journeys,
        sum(visit.visits) FILTER (WHERE visit.is_exit) AS exits,
        sum(visit.visits) FILTER (WHERE visit.is_mature) AS mature,
        sum(visit.visits) FILTER (WHERE visit.is_mature AND visit.is_exit) AS mature_exits
    FROM visit
    GROUP BY visit.touchpoint_id, visit.position
    UNION ALL
    SELECT
        visit.touchpoint_id,
        NULL AS position,
        sum(visit.visits) FILTER (WHERE visit.first_visit) AS journeys,
        sum(visit.visits) FILTER (WHERE visit.is_exit) AS exits,
        sum(visit.visits) FILTER (WHERE visit.first_visit AND visit.is_mature) AS mature,
        sum(visit.visits) FILTER (WHERE visit.is_mature AND visit.is_exit) AS mature_exits
    FROM visit
    GROUP BY visit.touchpoint_id
    UNION ALL
    SELECT
        NULL AS touchpoint_id,
        NULL AS position,
        count(*) AS journeys,
        count(*) FILTER (WHERE scoped_journey.outcome = 'dropped') AS exits,
        count(*) FILTER (WHERE scoped_journey.mature) AS mature,
        count(*) FILTER (WHERE scoped_journey.mature AND scoped_journey.outcome = 'dropped')
            AS mature_exits
    FROM scoped_journey
)
SELECT
    counted.touchpoint_id,
    touchpoint.label,
    counted.position,
    CAST(coalesce(counted.journeys, 0) AS BIGINT) AS journeys,
    CAST(coalesce(counted.exits, 0) AS BIGINT) AS exits,
    CAST(coalesce(counted.mature, 0) AS BIGINT) AS mature,
    CAST(coalesce(counted.mature_exits, 0) AS BIGINT) AS mature_exits
FROM counted
LEFT JOIN touchpoint ON counted.touchpoint_id = touchpoint.touchpoint_id
ORDER BY touchpoint.label, counted.touchpoint_id, counted.position
