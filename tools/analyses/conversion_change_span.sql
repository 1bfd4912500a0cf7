-- One row is one scope: how many journeys it holds, and when the first and the last began.
WITH span AS (
    SELECT
        count(*) AS journeys,
        min(scoped_journey.started_at) AS first_at,
        max(scoped_journey.started_at) AS last_at
    FROM scoped_journey
)
SELECT span.journeys, span.first_at, span.last_at
FROM span
ORDER BY span.journeys
