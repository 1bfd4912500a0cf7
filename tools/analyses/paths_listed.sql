-- One row is one listed path: the journeys that began with it, and those whose whole path it was.
WITH listed AS (
    SELECT unnest($listed::INTEGER[][]) AS touchpoints
),
size AS (
    SELECT DISTINCT array_length(listed.touchpoints) AS length FROM listed
),
begun AS MATERIALIZED (
    SELECT
        path.path_id,
        listed.touchpoints,
        array_length(path.touchpoints) = size.length AS is_whole
    FROM path
    JOIN size ON array_length(path.touchpoints) >= size.length
    JOIN listed ON array_slice(path.touchpoints, 1, size.length) = listed.touchpoints
),
member AS (
    SELECT
        begun.touchpoints,
        begun.is_whole,
        scoped_journey.mature,
        scoped_journey.mature AND scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.duration_seconds
    FROM scoped_journey
    JOIN begun ON scoped_journey.path_id = begun.path_id
)
SELECT
    touchpoints,
    count(*) AS began_journeys,
    count(*) FILTER (WHERE mature) AS began_mature,
    count(*) FILTER (WHERE converted) AS began_converted,
    quantile_cont(duration_seconds, 0.5) FILTER (WHERE converted) AS began_seconds,
    count(*) FILTER (WHERE is_whole) AS whole_journeys,
    count(*) FILTER (WHERE is_whole AND mature) AS whole_mature,
    count(*) FILTER (WHERE is_whole AND converted) AS whole_converted,
    quantile_cont(duration_seconds, 0.5) FILTER (WHERE is_whole AND converted) AS whole_seconds
FROM member
GROUP BY touchpoints
ORDER BY began_journeys DESC, touchpoints
