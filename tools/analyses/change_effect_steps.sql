-- One row is one touchpoint on one side: the people who came to it, and how many left right after their first visit.
WITH side AS (
    SELECT 'before' AS name, $before_from AS begins_at, $on_at AS ends_at
    UNION ALL
    SELECT 'after' AS name, $on_at AS begins_at, $after_end AS ends_at
),
visited AS (
    SELECT
        scoped_step.touchpoint_id,
        side.name AS side,
        count(*) AS people,
        count(*) FILTER (WHERE scoped_step.dropped AND scoped_step.next_touchpoint_id IS NULL)
            AS left_here
    FROM scoped_step
    JOIN side
        ON scoped_step.journey_started_at >= side.begins_at
        AND scoped_step.journey_started_at < side.ends_at
    WHERE scoped_step.is_mature
        AND (scoped_step.is_first_journey OR scoped_step.previous_at < side.begins_at)
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND scoped_step.occurred_at < side.ends_at
    GROUP BY scoped_step.touchpoint_id, side.name
)
SELECT
    touchpoint.label,
    visited.side,
    CAST(sum(visited.people) AS BIGINT) AS people,
    CAST(sum(visited.left_here) AS BIGINT) AS left_here
FROM visited
JOIN touchpoint ON visited.touchpoint_id = touchpoint.touchpoint_id
GROUP BY touchpoint.label, visited.side
ORDER BY touchpoint.label, visited.side
