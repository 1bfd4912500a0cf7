-- One row is one touchpoint at one step position; without position, the touchpoint in all;
-- without touchpoint, the scope in all.
WITH visit AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.touchpoint_id,
        CASE WHEN scoped_step.step > $deepest THEN $deepest ELSE scoped_step.step END AS position,
        scoped_journey.mature,
        CASE
            WHEN scoped_journey.outcome = 'dropped' AND scoped_step.step = scoped_journey.steps
                THEN 1
            ELSE 0
        END AS exits
    FROM scoped_step
    JOIN scoped_journey ON scoped_step.journey_id = scoped_journey.journey_id
    WHERE NOT scoped_step.is_end
),
reached AS (
    SELECT
        visit.journey_id,
        visit.touchpoint_id,
        visit.mature,
        max(visit.exits) AS exits
    FROM visit
    GROUP BY visit.journey_id, visit.touchpoint_id, visit.mature
),
counted AS (
    SELECT
        visit.touchpoint_id,
        visit.position,
        count(*) AS journeys,
        sum(visit.exits) AS exits,
        count(*) FILTER (WHERE visit.mature) AS mature,
        sum(CASE WHEN visit.mature THEN visit.exits ELSE 0 END) AS mature_exits
    FROM visit
    GROUP BY visit.touchpoint_id, visit.position
    UNION ALL
    SELECT
        reached.touchpoint_id,
        NULL AS position,
        count(*) AS journeys,
        sum(reached.exits) AS exits,
        count(*) FILTER (WHERE reached.mature) AS mature,
        sum(CASE WHEN reached.mature THEN reached.exits ELSE 0 END) AS mature_exits
    FROM reached
    GROUP BY reached.touchpoint_id
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
    counted.journeys,
    CAST(counted.exits AS BIGINT) AS exits,
    counted.mature,
    CAST(counted.mature_exits AS BIGINT) AS mature_exits
FROM counted
LEFT JOIN touchpoint ON counted.touchpoint_id = touchpoint.touchpoint_id
ORDER BY touchpoint.label, counted.touchpoint_id, counted.position
