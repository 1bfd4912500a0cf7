-- One row is one thing that people did next after their first visit: how many, how soon, and how many of them converted.
WITH seen AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.occurred_at AS seen_at,
        scoped_step.step
    FROM scoped_step
    WHERE NOT scoped_step.is_end
        AND list_contains(CAST($first_ids AS INTEGER[]), scoped_step.touchpoint_id)
    UNION ALL
    SELECT scoped_journey.journey_id, event.occurred_at AS seen_at, NULL AS step
    FROM event
    JOIN scoped_journey
        ON event.person_id = scoped_journey.person_id
        AND event.occurred_at >= scoped_journey.started_at
    WHERE event.kind = 'exposure'
        AND list_contains(CAST($first_ids AS INTEGER[]), event.touchpoint_id)
        AND epoch(event.occurred_at) - epoch(scoped_journey.started_at) <= $window_seconds
        AND epoch(event.occurred_at) - epoch(scoped_journey.ended_at)
            <= CASE WHEN scoped_journey.outcome = 'converted' THEN 0 ELSE $inactivity_seconds END
),
moment AS (
    SELECT
        seen.journey_id,
        seen.seen_at,
        seen.step,
        row_number() OVER (
            PARTITION BY seen.journey_id ORDER BY seen.seen_at, seen.step NULLS FIRST
        ) AS number
    FROM seen
),
candidate AS (
    SELECT
        moment.journey_id,
        moment.seen_at,
        moment.step,
        scoped_journey.person_id,
        scoped_journey.ended_at,
        scoped_journey.outcome = 'converted' AS converted,
        coalesce(scoped_journey.first_channel, '') AS channel,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY scoped_journey.started_at, scoped_journey.journey_id
        ) AS number
    FROM moment
    JOIN scoped_journey ON moment.journey_id = scoped_journey.journey_id
    WHERE moment.number = 1 AND scoped_journey.mature
),
subject AS (
    SELECT
        candidate.journey_id,
        candidate.seen_at,
        candidate.step,
        candidate.person_id,
        candidate.ended_at,
        candidate.converted,
        candidate.channel
    FROM candidate
    WHERE candidate.number = 1
),
coming AS (
    SELECT
        subject.journey_id,
        scoped_step.touchpoint_id,
        scoped_step.is_end,
        scoped_step.occurred_at,
        row_number() OVER (PARTITION BY subject.journey_id ORDER BY scoped_step.step) AS number
    FROM subject
    JOIN scoped_step
        ON subject.journey_id = scoped_step.journey_id
        AND (
            scoped_step.step > subject.step
            OR (subject.step IS NULL AND scoped_step.occurred_at > subject.seen_at)
        )
),
told AS (
    SELECT
        CASE
            WHEN coming.is_end THEN 'converted'
            WHEN coming.journey_id IS NULL THEN 'ended'
            ELSE 'touchpoint'
        END AS kind,
        CASE WHEN NOT coming.is_end THEN touchpoint.label END AS label,
        epoch(coming.occurred_at) - epoch(subject.seen_at) AS gap_seconds,
        epoch(subject.ended_at) - epoch(subject.seen_at) AS rest_seconds,
        subject.converted
    FROM subject
    LEFT JOIN coming ON subject.journey_id = coming.journey_id AND coming.number = 1
    LEFT JOIN touchpoint ON coming.touchpoint_id = touchpoint.touchpoint_id
),
counted AS (
    SELECT
        told.kind,
        told.label,
        count(*) AS persons,
        count(*) FILTER (WHERE told.converted) AS converted,
        quantile_cont(told.gap_seconds, 0.25) AS lower_seconds,
        quantile_cont(told.gap_seconds, 0.5) AS median_seconds,
        quantile_cont(told.gap_seconds, 0.75) AS upper_seconds
    FROM told
    GROUP BY told.kind, told.label
    UNION ALL
    SELECT
        'anything' AS kind,
        NULL AS label,
        count(*) AS persons,
        count(*) FILTER (WHERE told.converted) AS converted,
        quantile_cont(told.gap_seconds, 0.25) AS lower_seconds,
        quantile_cont(told.gap_seconds, 0.5) AS median_seconds,
        quantile_cont(told.gap_seconds, 0.75) AS upper_seconds
    FROM told
    WHERE told.kind <> 'ended'
    UNION ALL
    SELECT
        'conversion' AS kind,
        NULL AS label,
        count(*) AS persons,
        count(*) AS converted,
        quantile_cont(told.rest_seconds, 0.25) AS lower_seconds,
        quantile_cont(told.rest_seconds, 0.5) AS median_seconds,
        quantile_cont(told.rest_seconds, 0.75) AS upper_seconds
    FROM told
    WHERE told.converted
)
SELECT
    counted.kind,
    counted.label,
    counted.persons,
    counted.converted,
    counted.lower_seconds,
    counted.median_seconds,
    counted.upper_seconds
FROM counted
ORDER BY counted.persons DESC, counted.kind, counted.label
