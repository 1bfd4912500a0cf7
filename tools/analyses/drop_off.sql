-- One row is one touchpoint at one step position; without position, the touchpoint in all;
-- without touchpoint, the scope in all.
WITH visit AS (
    SELECT
        scoped_step.touchpoint_id,
        CASE WHEN scoped_step.step > $deepest THEN $deepest ELSE scoped_step.step END AS position,
        count(*) AS journeys,
        count(*) FILTER (WHERE scoped_step.dropped AND scoped_step.next_touchpoint_id IS NULL)
            AS exits,
        count(*) FILTER (WHERE scoped_step.is_mature) AS mature,
        count(*) FILTER (
            WHERE scoped_step.is_mature
                AND scoped_step.dropped
                AND scoped_step.next_touchpoint_id IS NULL
        ) AS mature_exits,
        count(*) FILTER (WHERE scoped_step.first_visit) AS arrivals,
        count(*) FILTER (WHERE scoped_step.first_visit AND scoped_step.is_mature)
            AS mature_arrivals
    FROM scoped_step
    WHERE NOT scoped_step.is_end
    GROUP BY scoped_step.touchpoint_id, position
),
counted AS (
    SELECT
        visit.touchpoint_id,
        visit.position,
        visit.journeys,
        visit.exits,
        visit.mature,
        visit.mature_exits
    FROM visit
    UNION ALL
    SELECT
        visit.touchpoint_id,
        NULL AS position,
        sum(visit.arrivals) AS journeys,
        sum(visit.exits) AS exits,
        sum(visit.mature_arrivals) AS mature,
        sum(visit.mature_exits) AS mature_exits
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
    CAST(counted.journeys AS BIGINT) AS journeys,
    CAST(counted.exits AS BIGINT) AS exits,
    CAST(counted.mature AS BIGINT) AS mature,
    CAST(counted.mature_exits AS BIGINT) AS mature_exits
FROM counted
LEFT JOIN touchpoint ON counted.touchpoint_id = touchpoint.touchpoint_id
ORDER BY touchpoint.label, counted.touchpoint_id, counted.position
