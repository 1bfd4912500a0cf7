-- One row is one channel and rhythm: people by when their second visit began, when their journey ended, and whether it converted.
-- Those whose journey ended within a day had no time to come back and are left out.
WITH candidate AS (
    SELECT
        scoped_journey.journey_id,
        coalesce(scoped_journey.first_channel, '') AS channel,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.duration_seconds <= $week AS ended
    FROM scoped_journey
    WHERE scoped_journey.mature
        AND scoped_journey.is_first
        AND scoped_journey.duration_seconds > $day
),
-- A journey's steps stand together and in order, so the first after a break is where the id changes.
returned AS (
    SELECT
        step.journey_id,
        epoch(step.occurred_at) - epoch(step.started_at) AS after_seconds
    FROM step
    WHERE step.definition_id = $definition_id AND step.gap_seconds > $session_seconds/* share of step.journey_id */
    QUALIFY lag(step.journey_id) OVER () IS DISTINCT FROM step.journey_id
),
rhythm AS (
    SELECT
        candidate.channel,
        candidate.converted,
        CASE
            WHEN returned.after_seconds IS NULL THEN 3
            WHEN returned.after_seconds <= $day THEN 0
            WHEN returned.after_seconds <= $week THEN 1
            ELSE 2
        END AS came_back,
        CASE WHEN candidate.ended THEN 1 ELSE 2 END AS ended
    FROM candidate
    LEFT JOIN returned ON candidate.journey_id = returned.journey_id
)
SELECT
    rhythm.channel,
    CAST(rhythm.came_back AS BIGINT) AS came_back,
    CAST(rhythm.ended AS BIGINT) AS ended,
    rhythm.converted,
    count(*) AS persons
FROM rhythm
GROUP BY rhythm.channel, rhythm.came_back, rhythm.ended, rhythm.converted
ORDER BY rhythm.channel, came_back, ended, rhythm.converted
