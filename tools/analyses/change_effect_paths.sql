-- One row is one beginning of journeys, their first three touchpoints, before or since the change.
WITH begun AS (
    SELECT
        array_to_string(path.touchpoints[1:3], ',') AS beginning,
        scoped_journey.started_at >= $on AS is_after
    FROM scoped_journey
    JOIN path ON scoped_journey.path_id = path.path_id
    WHERE scoped_journey.mature
        AND scoped_journey.started_at >= $since
        AND scoped_journey.started_at < $until
)
SELECT begun.beginning, begun.is_after, count(*) AS journeys
FROM begun
GROUP BY begun.beginning, begun.is_after
ORDER BY journeys DESC, begun.beginning, begun.is_after
