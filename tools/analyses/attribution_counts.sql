-- One row is one currency: how many journeys there are, how many are old enough to judge, what the conversions brought, and when they began.
WITH counted AS (
    SELECT
        CASE WHEN scoped_journey.mature AND scoped_journey.outcome = 'converted'
            AND scoped_journey.value IS NOT NULL
            THEN coalesce(scoped_journey.currency, '') END AS currency,
        count(*) AS journeys,
        count(*) FILTER (WHERE scoped_journey.mature) AS mature,
        count(*) FILTER (WHERE scoped_journey.mature AND scoped_journey.outcome = 'converted')
            AS converted,
        CAST(sum(
            CASE WHEN scoped_journey.mature AND scoped_journey.outcome = 'converted'
                THEN CAST(scoped_journey.value AS DECIMAL(28, 8)) END
        ) AS DOUBLE) AS value,
        min(CASE WHEN scoped_journey.mature THEN scoped_journey.started_at END) AS since,
        max(CASE WHEN scoped_journey.mature THEN scoped_journey.started_at END) AS until
    FROM scoped_journey
    GROUP BY ALL
)
SELECT counted.*
FROM counted
ORDER BY counted.currency NULLS FIRST
