-- One row is one count of the scope's journeys.
WITH counted AS (
    SELECT count(*) AS journeys, count(*) FILTER (WHERE scoped_journey.outcome = 'converted') AS converted
    FROM scoped_journey
)
SELECT counted.journeys, counted.converted
FROM counted
ORDER BY counted.journeys
