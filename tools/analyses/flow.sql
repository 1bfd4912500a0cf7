-- One row is one link of the flow: the journeys that go from one node to the next.
WITH first_visit AS (
    SELECT scoped_step.journey_id, min(scoped_step.step) AS step
    FROM scoped_step
    WHERE $view = 'around'
        AND NOT scoped_step.is_end
        AND list_contains(CAST($anchor_ids AS INTEGER[]), scoped_step.touchpoint_id)
    GROUP BY scoped_step.journey_id
),
aligned AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.outcome,
        scoped_journey.mature,
        CASE
            WHEN $view = 'start' THEN 0
            WHEN $view = 'end' THEN scoped_journey.steps
            ELSE first_visit.step
        END AS origin
    FROM scoped_journey
    LEFT JOIN first_visit ON scoped_journey.journey_id = first_visit.journey_id
    WHERE $view = 'start'
        OR ($view = 'end' AND scoped_journey.outcome = 'converted')
        OR first_visit.step IS NOT NULL
),
placed AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.step,
        scoped_step.step - aligned.origin AS position,
        scoped_step.touchpoint_id,
        scoped_step.is_end,
        scoped_step.gap_seconds,
        aligned.outcome,
        aligned.mature
    FROM scoped_step
    JOIN aligned ON scoped_step.journey_id = aligned.journey_id
    WHERE scoped_step.step - aligned.origin BETWEEN $first AND $last + 1
),
counted AS (
    SELECT placed.position, placed.touchpoint_id, count(*) AS journeys
    FROM placed
    WHERE NOT placed.is_end AND placed.position <= $last
    GROUP BY placed.position, placed.touchpoint_id
),
ranked AS (
    SELECT
        counted.position,
        counted.touchpoint_id,
        counted.journeys,
        touchpoint.label,
        row_number() OVER (
            PARTITION BY counted.position ORDER BY counted.journeys DESC, touchpoint.label
        ) AS rank
    FROM counted
    JOIN touchpoint ON counted.touchpoint_id = touchpoint.touchpoint_id
),
kept AS (
    SELECT
        ranked.position,
        ranked.touchpoint_id,
        CASE
            WHEN $view = 'around' AND ranked.position = 0 THEN $anchor
            ELSE ranked.label
        END AS label
    FROM ranked
    WHERE (ranked.rank <= $nodes AND ranked.journeys >= $minimum_group)
        OR ($view = 'around' AND ranked.position = 0)
),
named AS (
    SELECT
        placed.journey_id,
        placed.step,
        placed.position,
        placed.gap_seconds,
        placed.outcome,
        placed.mature,
        CASE
            WHEN placed.is_end THEN 'converted'
            WHEN placed.position > $last THEN 'further'
            WHEN kept.label IS NULL THEN 'other'
            ELSE 'touchpoint'
        END AS kind,
        CASE WHEN NOT placed.is_end THEN kept.label END AS label
    FROM placed
    LEFT JOIN kept
        ON placed.position = kept.position AND placed.touchpoint_id = kept.touchpoint_id
),
moved AS (
    SELECT
        source.position AS step,
        source.kind AS source_kind,
        source.label AS source,
        CASE
            WHEN target.kind IS NOT NULL THEN target.kind
            WHEN source.outcome = 'active' THEN 'active'
            ELSE 'left'
        END AS target_kind,
        target.label AS target,
        target.gap_seconds,
        source.outcome,
        source.mature
    FROM named AS source
    LEFT JOIN named AS target
        ON source.journey_id = target.journey_id AND source.position + 1 = target.position
    WHERE source.kind IN ('touchpoint', 'other')
    UNION ALL
    SELECT
        named.position - 1 AS step,
        CASE WHEN named.step = 1 THEN 'began' ELSE 'earlier' END AS source_kind,
        NULL AS source,
        named.kind AS target_kind,
        named.label AS target,
        named.gap_seconds,
        named.outcome,
        named.mature
    FROM named
    WHERE named.step = 1 OR named.position = $first
)
SELECT
    moved.step,
    moved.source_kind,
    moved.source,
    moved.target_kind,
    moved.target,
    count(*) AS journeys,
    count(*) FILTER (WHERE moved.mature) AS mature,
    count(*) FILTER (WHERE moved.mature AND moved.outcome = 'converted') AS mature_converted,
    median(moved.gap_seconds) AS median_seconds
FROM moved
GROUP BY moved.step, moved.source_kind, moved.source, moved.target_kind, moved.target
ORDER BY moved.step, journeys DESC, moved.source_kind, moved.source, moved.target_kind, moved.target
