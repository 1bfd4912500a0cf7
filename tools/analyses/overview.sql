-- One row is one first channel of the journeys in scope; the last row, without one, is the total.
WITH counted AS (
    SELECT
        scoped_journey.first_channel AS channel,
        grouping(scoped_journey.first_channel) AS is_total,
        count(*) AS journeys,
        count(DISTINCT scoped_journey.person_id) AS persons,
        count(*) FILTER (WHERE scoped_journey.outcome = 'converted') AS converted,
        count(*) FILTER (WHERE scoped_journey.outcome = 'dropped') AS dropped,
        count(*) FILTER (WHERE scoped_journey.outcome = 'active') AS active,
        count(*) FILTER (WHERE scoped_journey.mature) AS mature,
        count(*) FILTER (WHERE scoped_journey.mature AND scoped_journey.outcome = 'converted')
            AS mature_converted,
        quantile_cont(scoped_journey.duration_seconds, [0.25, 0.5, 0.75])
            FILTER (WHERE scoped_journey.mature AND scoped_journey.outcome = 'converted') AS times,
        sum(scoped_journey.value) FILTER (WHERE scoped_journey.outcome = 'converted') AS value,
        min(scoped_journey.started_at) AS first_at,
        max(scoped_journey.ended_at) AS last_at
    FROM scoped_journey
    GROUP BY GROUPING SETS ((scoped_journey.first_channel), ())
)
SELECT
    channel,
    is_total = 1 AS is_total,
    journeys,
    persons,
    converted,
    dropped,
    active,
    mature,
    mature_converted,
    times[1] AS quartile_seconds,
    times[2] AS median_seconds,
    times[3] AS upper_quartile_seconds,
    value,
    first_at,
    last_at
FROM counted
ORDER BY is_total, journeys DESC, channel
