-- One row is one listed path: the journeys that began with it, and those whose whole path it was.
WITH listed AS (
    SELECT unnest($listed::INTEGER[][]) AS touchpoints
),
size AS (
    SELECT DISTINCT array_length(listed.touchpoints) AS length FROM listed
),
spelled AS (
    SELECT path.path_id, path.touchpoints, array_length(path.touchpoints) AS length
    FROM path
    WHERE path.path_id IN (SELECT scoped_journey.path_id FROM scoped_journey)
),
begun AS (
    SELECT
        spelled.path_id,
        array_slice(spelled.touchpoints, 1, size.length) AS touchpoints,
        spelled.length = size.length AS is_whole
    FROM spelled
    JOIN size ON spelled.length >= size.length
),
member AS (
    SELECT
        listed.touchpoints,
        begun.is_whole,
        scoped_journey.mature,
        scoped_journey.mature AND scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.duration_seconds
    FROM scoped_journey
    JOIN begun ON scoped_journey.path_id = begun.path_id
    JOIN listed ON begun.touchpoints = listed.touchpoints
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
