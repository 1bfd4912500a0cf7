-- One row is one day on which mature journeys began: how many, and how many of them converted.
WITH counted AS (
    SELECT
        CAST(scoped_journey.started_at AS DATE) AS began_on,
        count(*) AS journeys,
        count(*) FILTER (WHERE scoped_journey.outcome = 'converted') AS converted
    FROM scoped_journey
    WHERE scoped_journey.mature
    GROUP BY CAST(scoped_journey.started_at AS DATE)
)
SELECT counted.began_on, counted.journeys, counted.converted
FROM counted
ORDER BY counted.began_on
