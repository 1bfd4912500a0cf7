-- One row is one channel and rhythm: people by when their second visit began, when their journey ended, and whether it converted.
WITH candidate AS (
    SELECT
        scoped_journey.journey_id,
        coalesce(scoped_journey.first_channel, '') AS channel,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.started_at,
        scoped_journey.duration_seconds
    FROM scoped_journey
    WHERE scoped_journey.mature AND scoped_journey.is_first
),
returned AS (
    SELECT scoped_step.journey_id, min(scoped_step.occurred_at) AS returned_at
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.gap_seconds > $session_seconds
    GROUP BY scoped_step.journey_id
),
rhythm AS (
    SELECT
        candidate.channel,
        candidate.converted,
        CASE
            WHEN returned.returned_at IS NULL THEN 3
            WHEN epoch(returned.returned_at) - epoch(candidate.started_at) <= $day THEN 0
            WHEN epoch(returned.returned_at) - epoch(candidate.started_at) <= $week THEN 1
            ELSE 2
        END AS came_back,
        CASE
            WHEN candidate.duration_seconds <= $day THEN 0
            WHEN candidate.duration_seconds <= $week THEN 1
            ELSE 2
        END AS ended
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
