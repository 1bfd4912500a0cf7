-- One row is one count: of the people of one period and group who have as many journeys and conversions.
WITH judged AS (
    SELECT
        scoped_journey.person_id,
        CASE WHEN scoped_journey.started_at >= $later_from THEN 1 ELSE 0 END AS period,
        scoped_journey.mature,
        scoped_journey.mature AND scoped_journey.outcome = 'converted' AS converted,
        CAST(NULL /* field */ AS VARCHAR) AS value
    FROM scoped_journey
    WHERE (scoped_journey.started_at >= $earlier_from AND scoped_journey.started_at < $earlier_end)
        OR (scoped_journey.started_at >= $later_from AND scoped_journey.started_at < $later_end)
),
counted AS (
    SELECT
        judged.period,
        judged.value,
        judged.person_id,
        count(*) AS journeys,
        count(*) FILTER (WHERE judged.mature) AS mature,
        count(*) FILTER (WHERE judged.converted) AS converted
    FROM judged
    GROUP BY judged.period, judged.value, judged.person_id
),
sized AS (
    SELECT
        counted.value,
        coalesce(sum(counted.mature) FILTER (WHERE counted.period = 0), 0) AS earlier,
        coalesce(sum(counted.mature) FILTER (WHERE counted.period = 1), 0) AS later
    FROM counted
    WHERE counted.value IS NOT NULL
    GROUP BY counted.value
),
kept AS (
    SELECT sized.value
    FROM sized
    WHERE greatest(sized.earlier, sized.later) >= $minimum_group
    ORDER BY greatest(sized.earlier, sized.later) DESC, sized.value
    LIMIT $most
)
SELECT
    counted.period,
    kept.value,
    counted.value IS NULL AS is_unknown,
    counted.mature,
    counted.converted,
    count(*) AS persons,
    CAST(sum(counted.journeys) AS BIGINT) AS journeys
FROM counted
LEFT JOIN kept ON counted.value = kept.value
GROUP BY counted.period, kept.value, counted.value IS NULL, counted.mature, counted.converted
ORDER BY counted.period, kept.value, is_unknown, counted.mature, counted.converted
