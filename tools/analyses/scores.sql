-- One row is one snapshot: a journey at a moment at which it was open, with what was known then.
WITH slot AS (
    SELECT 0 AS slot
    UNION ALL
    SELECT 1 AS slot
    UNION ALL
    SELECT 2 AS slot
    UNION ALL
    SELECT 3 AS slot
),
judged AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.person_id,
        scoped_journey.first_channel AS channel,
        epoch(scoped_journey.started_at) AS started,
        scoped_journey.outcome = 'converted' AS converted,
        CASE
            WHEN scoped_journey.outcome = 'converted' THEN epoch(scoped_journey.ended_at)
            ELSE least(
                epoch(scoped_journey.started_at) + $window_seconds,
                epoch(scoped_journey.ended_at) + $inactivity_seconds
            )
        END AS closed,
        scoped_journey.started_at >= $cut AS is_later
    FROM scoped_journey
    WHERE $training AND scoped_journey.mature AND scoped_journey.person_id % 10000 < $kept
),
dealt AS (
    SELECT
        judged.person_id,
        CASE
            WHEN min(judged.started) >= epoch(CAST($cut AS TIMESTAMP)) THEN true
            WHEN max(judged.started) < epoch(CAST($cut AS TIMESTAMP)) THEN false
            ELSE judged.person_id % 10009 % 2 = 0
        END AS tested,
        min(CASE WHEN judged.is_later THEN judged.journey_id END) AS tested_id,
        min(CASE WHEN NOT judged.is_later THEN judged.journey_id END) AS learned_id
    FROM judged
    GROUP BY judged.person_id
),
drawn AS (
    SELECT
        judged.journey_id,
        judged.person_id,
        judged.channel,
        judged.started,
        judged.started + $window_seconds
            * (slot.slot + (judged.journey_id % 10039 + 2503 * slot.slot) % 10039 / 10039.0) / 4
            AS moment,
        judged.closed,
        judged.converted,
        dealt.tested
    FROM judged
    JOIN dealt ON judged.person_id = dealt.person_id
    CROSS JOIN slot
    WHERE (NOT dealt.tested AND judged.journey_id = dealt.learned_id)
        OR (dealt.tested AND judged.journey_id = dealt.tested_id
            AND slot.slot = judged.person_id % 10037 % 4)
),
snapshot AS (
    SELECT
        drawn.journey_id,
        drawn.person_id,
        drawn.channel,
        drawn.started,
        drawn.moment,
        drawn.converted,
        drawn.tested
    FROM drawn
    WHERE drawn.moment < drawn.closed
    UNION ALL
    SELECT
        scoped_journey.journey_id,
        scoped_journey.person_id,
        scoped_journey.first_channel AS channel,
        epoch(scoped_journey.started_at) AS started,
        epoch(CAST($as_of AS TIMESTAMP)) AS moment,
        false AS converted,
        false AS tested
    FROM scoped_journey
    WHERE NOT $training AND scoped_journey.outcome = 'active'
),
known AS (
    SELECT
        snapshot.journey_id,
        snapshot.moment,
        count(*) AS steps,
        count(*) FILTER (WHERE step.gap_seconds > $session_seconds) + 1 AS visits,
        count(*) FILTER (WHERE epoch(step.occurred_at) > snapshot.moment - $recent_seconds)
            AS recent,
        max(epoch(step.occurred_at)) AS latest,
        arg_max(step.touchpoint_id, step.step) AS touchpoint_id,
        CAST(sum(
            CASE
                WHEN step.first_visit AND list_contains($places, step.touchpoint_id)
                    THEN power(2, list_position($places, step.touchpoint_id) - 1)
                ELSE 0
            END
        ) AS BIGINT) AS seen
    FROM snapshot
    JOIN step ON snapshot.journey_id = step.journey_id
    WHERE step.definition_id = $definition_id AND epoch(step.occurred_at) <= snapshot.moment
    GROUP BY snapshot.journey_id, snapshot.moment
),
begun AS (
    SELECT DISTINCT snapshot.journey_id, snapshot.person_id, snapshot.started
    FROM snapshot
),
earlier AS (
    SELECT
        begun.journey_id,
        count(*) AS journeys,
        count(*) FILTER (WHERE journey.outcome = 'converted') AS converted
    FROM begun
    JOIN journey ON begun.person_id = journey.person_id
    WHERE journey.definition_id = $definition_id AND epoch(journey.started_at) < begun.started
    GROUP BY begun.journey_id
)
SELECT
    snapshot.journey_id,
    snapshot.person_id,
    snapshot.tested,
    snapshot.converted,
    snapshot.channel,
    snapshot.moment - snapshot.started AS age,
    snapshot.moment - known.latest AS silence,
    known.steps,
    known.visits,
    known.recent,
    known.touchpoint_id,
    known.seen,
    coalesce(earlier.journeys, 0) AS earlier,
    coalesce(earlier.converted, 0) AS earlier_converted
FROM snapshot
JOIN known ON snapshot.journey_id = known.journey_id AND snapshot.moment = known.moment
LEFT JOIN earlier ON snapshot.journey_id = earlier.journey_id
ORDER BY snapshot.journey_id, snapshot.moment
