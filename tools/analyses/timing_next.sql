-- One row is one thing that people did next after their first visit: how many, how soon, and how many of them converted.
WITH seen AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.occurred_at AS seen_at,
        scoped_step.step,
        scoped_step.next_touchpoint_id,
        scoped_step.next_gap_seconds,
        scoped_step.converted AND scoped_step.step + 1 = scoped_step.journey_steps AS next_is_end
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND list_contains(CAST($first_ids AS INTEGER[]), scoped_step.touchpoint_id)
    UNION ALL
    SELECT
        scoped_journey.journey_id,
        event.occurred_at AS seen_at,
        0 AS step,
        NULL AS next_touchpoint_id,
        NULL AS next_gap_seconds,
        NULL AS next_is_end
    FROM event
    JOIN scoped_journey
        ON event.person_id = scoped_journey.person_id
        AND event.occurred_at >= scoped_journey.started_at
    WHERE event.kind = 'exposure'
        AND list_contains(CAST($first_ids AS INTEGER[]), event.touchpoint_id)
        AND scoped_journey.mature
        AND epoch(event.occurred_at) - epoch(scoped_journey.started_at) <= $window_seconds
        AND epoch(event.occurred_at) - epoch(scoped_journey.ended_at)
            <= CASE WHEN scoped_journey.outcome = 'converted' THEN 0 ELSE $inactivity_seconds END
),
moment AS (
    SELECT
        seen.journey_id,
        seen.seen_at,
        seen.step,
        seen.next_touchpoint_id,
        seen.next_gap_seconds,
        seen.next_is_end,
        epoch(scoped_journey.ended_at) - epoch(seen.seen_at) AS rest_seconds,
        scoped_journey.outcome = 'converted' AS converted,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY scoped_journey.started_at, scoped_journey.journey_id, seen.seen_at, seen.step
        ) AS number
    FROM seen
    JOIN scoped_journey ON seen.journey_id = scoped_journey.journey_id
),
subject AS (
    SELECT
        moment.journey_id,
        moment.seen_at,
        moment.step,
        moment.next_touchpoint_id,
        moment.next_gap_seconds,
        moment.next_is_end,
        moment.rest_seconds,
        moment.converted
    FROM moment
    WHERE moment.number = 1
),
after_exposure AS (
    SELECT
        subject.journey_id,
        scoped_step.touchpoint_id,
        scoped_step.is_end,
        epoch(scoped_step.occurred_at) - epoch(subject.seen_at) AS gap_seconds,
        row_number() OVER (PARTITION BY subject.journey_id ORDER BY scoped_step.step) AS number
    FROM subject
    JOIN scoped_step
        ON subject.journey_id = scoped_step.journey_id
        AND scoped_step.occurred_at > subject.seen_at
    WHERE subject.step = 0
),
coming AS (
    SELECT
        coalesce(subject.next_touchpoint_id, after_exposure.touchpoint_id) AS touchpoint_id,
        coalesce(subject.next_is_end, after_exposure.is_end) AS is_end,
        coalesce(subject.next_gap_seconds, after_exposure.gap_seconds) AS gap_seconds,
        subject.rest_seconds,
        subject.converted
    FROM subject
    LEFT JOIN after_exposure
        ON subject.journey_id = after_exposure.journey_id
        AND subject.step = 0
        AND after_exposure.number = 1
),
told AS (
    SELECT
        CASE
            WHEN coming.touchpoint_id IS NULL THEN 'ended'
            WHEN coming.is_end THEN 'converted'
            ELSE 'touchpoint'
        END AS kind,
        CASE WHEN NOT coming.is_end THEN touchpoint.label END AS label,
        coming.gap_seconds,
        coming.rest_seconds,
        coming.converted
    FROM coming
    LEFT JOIN touchpoint ON coming.touchpoint_id = touchpoint.touchpoint_id
),
counted AS (
    SELECT
        told.kind,
        told.label,
        count(*) AS persons,
        count(*) FILTER (WHERE told.converted) AS converted,
        quantile_cont(told.gap_seconds, [0.25, 0.5, 0.75]) AS quarters
    FROM told
    GROUP BY told.kind, told.label
    UNION ALL
    SELECT
        'anything' AS kind,
        NULL AS label,
        count(*) AS persons,
        count(*) FILTER (WHERE told.converted) AS converted,
        quantile_cont(told.gap_seconds, [0.25, 0.5, 0.75]) AS quarters
    FROM told
    WHERE told.kind <> 'ended'
    UNION ALL
    SELECT
        'conversion' AS kind,
        NULL AS label,
        count(*) AS persons,
        count(*) AS converted,
        quantile_cont(told.rest_seconds, [0.25, 0.5, 0.75]) AS quarters
    FROM told
    WHERE told.converted
)
SELECT
    counted.kind,
    counted.label,
    counted.persons,
    counted.converted,
    counted.quarters[1] AS lower_seconds,
    counted.quarters[2] AS median_seconds,
    counted.quarters[3] AS upper_seconds
FROM counted
ORDER BY counted.persons DESC, counted.kind, counted.label
