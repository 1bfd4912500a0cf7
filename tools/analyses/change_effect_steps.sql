-- One row is one touchpoint on one side: the people who came to it, and how many left right after their first visit.
WITH arrived AS (
    SELECT
        scoped_step.touchpoint_id,
        scoped_step.journey_started_at >= $on_at AS is_after,
        scoped_step.dropped AND scoped_step.next_touchpoint_id IS NULL AS leaves
    FROM scoped_step
    WHERE scoped_step.journey_started_at >= $before_from
        AND scoped_step.journey_started_at < $after_end
        AND scoped_step.is_mature
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND scoped_step.occurred_at
            < CASE WHEN scoped_step.journey_started_at >= $on_at THEN $after_end ELSE $on_at END
        AND (
            scoped_step.is_first_journey
            OR scoped_step.previous_at
                < CASE WHEN scoped_step.journey_started_at >= $on_at THEN $on_at ELSE $before_from END
        )
),
visited AS (
    SELECT
        arrived.touchpoint_id,
        arrived.is_after,
        count(*) AS people,
        count(*) FILTER (WHERE arrived.leaves) AS left_here
    FROM arrived
    GROUP BY arrived.touchpoint_id, arrived.is_after
)
SELECT
    touchpoint.label,
    CASE WHEN visited.is_after THEN 'after' ELSE 'before' END AS side,
    CAST(sum(visited.people) AS BIGINT) AS people,
    CAST(sum(visited.left_here) AS BIGINT) AS left_here
FROM visited
JOIN touchpoint ON visited.touchpoint_id = touchpoint.touchpoint_id
GROUP BY touchpoint.label, side
ORDER BY touchpoint.label, side
