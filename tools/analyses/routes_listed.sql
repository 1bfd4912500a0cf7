-- One row is one path with its touchpoints in order, most journeys first.
WITH counted AS (
    SELECT scoped_journey.path_id, count(*) AS journeys
    FROM scoped_journey
    GROUP BY scoped_journey.path_id
    ORDER BY journeys DESC, scoped_journey.path_id
    LIMIT $most
)
SELECT counted.path_id, counted.journeys, path.touchpoints
FROM counted
JOIN path ON counted.path_id = path.path_id
ORDER BY counted.journeys DESC, counted.path_id
