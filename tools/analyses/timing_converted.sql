-- One row is one scope: its mature journeys, those that converted, and how long these took.
WITH taken AS (
    SELECT
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.duration_seconds
    FROM scoped_journey
    WHERE scoped_journey.mature
)
SELECT
    count(*) AS mature,
    count(*) FILTER (WHERE taken.converted) AS converted,
    quantile_cont(taken.duration_seconds, 0.25) FILTER (WHERE taken.converted) AS lower_seconds,
    quantile_cont(taken.duration_seconds, 0.5) FILTER (WHERE taken.converted) AS median_seconds,
    quantile_cont(taken.duration_seconds, 0.75) FILTER (WHERE taken.converted) AS upper_seconds
FROM taken
ORDER BY mature
