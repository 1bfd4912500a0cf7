-- One row is one hour after the start: journeys that converted within it, or that were watched no longer than to its beginning.
WITH observed AS (
    SELECT
        scoped_journey.outcome = 'converted' AS converted,
        CASE
            WHEN scoped_journey.outcome = 'converted'
                THEN CAST(ceil(scoped_journey.duration_seconds / 3600) AS BIGINT)
            ELSE CAST(
                floor(
                    least(
                        $window_seconds,
                        epoch(CAST($as_of AS TIMESTAMP)) - epoch(scoped_journey.started_at)
                    ) / 3600
                ) AS BIGINT
            )
        END AS hour
    FROM scoped_journey
)
SELECT observed.hour, observed.converted, count(*) AS journeys
FROM observed
GROUP BY observed.hour, observed.converted
ORDER BY observed.hour, observed.converted
