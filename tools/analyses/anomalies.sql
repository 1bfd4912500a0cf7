-- One row is one day of one touchpoint, one channel or everything: journeys that came or began, visits, those that ended there, and journeys that converted.
-- Where journeys ended is read on days only whose journeys are all old enough to judge: none is under way.
WITH visited AS (
    SELECT
        scoped_step.touchpoint_id,
        CAST(scoped_step.occurred_at AS DATE) AS day,
        count(*) FILTER (WHERE scoped_step.first_visit) AS volume,
        count(*) FILTER (WHERE NOT scoped_step.is_end) AS visits,
        count(*) FILTER (
            WHERE scoped_step.next_touchpoint_id IS NULL AND NOT scoped_step.converted
        ) AS exits,
        count(*) FILTER (
            WHERE scoped_step.first_visit
                AND NOT scoped_step.is_end
                AND scoped_step.converted
        ) AS converted
    FROM scoped_step
    WHERE scoped_step.occurred_at < CAST($end AS TIMESTAMP)
    GROUP BY scoped_step.touchpoint_id, day
),
biggest AS (
    SELECT visited.touchpoint_id
    FROM visited
    GROUP BY visited.touchpoint_id
    ORDER BY sum(visited.volume) DESC, visited.touchpoint_id
    LIMIT $touchpoints
),
begun AS (
    SELECT
        scoped_journey.first_channel AS channel,
        CAST(scoped_journey.started_at AS DATE) AS day,
        count(*) AS volume,
        count(*) FILTER (WHERE scoped_journey.outcome = 'converted') AS converted
    FROM scoped_journey
    WHERE scoped_journey.started_at < CAST($end AS TIMESTAMP)
    GROUP BY scoped_journey.first_channel, day
),
largest AS (
    SELECT begun.channel
    FROM begun
    WHERE begun.channel IS NOT NULL
    GROUP BY begun.channel
    ORDER BY sum(begun.volume) DESC, begun.channel
    LIMIT $channels
),
series AS (
    SELECT
        'touchpoint' AS field,
        touchpoint.label,
        visited.day,
        visited.volume,
        visited.visits,
        visited.exits,
        visited.converted
    FROM visited
    JOIN biggest ON visited.touchpoint_id = biggest.touchpoint_id
    JOIN touchpoint ON visited.touchpoint_id = touchpoint.touchpoint_id
    UNION ALL
    SELECT
        'channel' AS field,
        begun.channel AS label,
        begun.day,
        begun.volume,
        0 AS visits,
        0 AS exits,
        begun.converted
    FROM begun
    JOIN largest ON begun.channel = largest.channel
    UNION ALL
    SELECT
        'all' AS field,
        'All journeys' AS label,
        begun.day,
        CAST(sum(begun.volume) AS BIGINT) AS volume,
        0 AS visits,
        0 AS exits,
        CAST(sum(begun.converted) AS BIGINT) AS converted
    FROM begun
    GROUP BY begun.day
)
SELECT
    series.field,
    series.label,
    series.day,
    series.volume,
    series.visits,
    series.exits,
    series.converted
FROM series
ORDER BY series.field, series.label, series.day
