-- One row is one count of journeys: all, those under way, those old enough to learn from, and when the later ones of these began.
WITH counted AS (
    SELECT
        count(*) AS journeys,
        count(*) FILTER (WHERE scoped_journey.outcome = 'active') AS active,
        count(*) FILTER (WHERE scoped_journey.mature) AS mature,
        count(*) FILTER (WHERE scoped_journey.mature AND scoped_journey.outcome = 'converted')
            AS converted,
        quantile_disc(CASE WHEN scoped_journey.mature THEN scoped_journey.started_at END, 0.7)
            AS cut
    FROM scoped_journey
)
SELECT counted.journeys, counted.active, counted.mature, counted.converted, counted.cut
FROM counted
ORDER BY counted.journeys
