-- One row is one touchpoint on one side: the people who came to it, and how many left right after their first visit.
WITH side AS (
    SELECT 'before' AS name, $before_from AS begins_at, $on_at AS ends_at
    UNION ALL
    SELECT 'after' AS name, $on_at AS begins_at, $after_end AS ends_at
),
begun AS (
    SELECT
        side.name AS side,
        side.ends_at,
        scoped_journey.journey_id,
        scoped_journey.outcome = 'dropped' AS dropped,
        row_number() OVER (
            PARTITION BY side.name, scoped_journey.person_id
            ORDER BY
                scoped_journey.started_at,
                scoped_journey.ended_at,
                scoped_journey.outcome <> 'converted',
                scoped_journey.journey_id
        ) AS place
    FROM scoped_journey
    JOIN side
        ON scoped_journey.started_at >= side.begins_at AND scoped_journey.started_at < side.ends_at
    WHERE scoped_journey.mature
),
chosen AS (
    SELECT begun.side, begun.ends_at, begun.journey_id, begun.dropped
    FROM begun
    WHERE begun.place = 1
)
SELECT
    touchpoint.label,
    chosen.side,
    count(*) AS people,
    count(*) FILTER (WHERE chosen.dropped AND scoped_step.next_touchpoint_id IS NULL) AS left_here
FROM scoped_step
JOIN chosen ON scoped_step.journey_id = chosen.journey_id
JOIN touchpoint ON scoped_step.touchpoint_id = touchpoint.touchpoint_id
WHERE scoped_step.first_visit
    AND NOT scoped_step.is_end
    AND scoped_step.occurred_at < chosen.ends_at
GROUP BY touchpoint.label, chosen.side
ORDER BY touchpoint.label, chosen.side
