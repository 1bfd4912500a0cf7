-- One row is one scope: its journeys, and those among them that are too young to judge.
WITH counted AS (
    SELECT
        count(*) AS journeys,
        count(*) FILTER (WHERE NOT scoped_journey.mature) AS young
    FROM scoped_journey
)
SELECT counted.journeys, counted.young
FROM counted
ORDER BY counted.journeys
