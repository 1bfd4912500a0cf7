-- One row is one link of the flow: the journeys that go from one node to the next.
WITH first_visit AS (
    SELECT scoped_step.journey_id, min(scoped_step.step) AS step
    FROM scoped_step
    WHERE $view = 'around'
        AND NOT scoped_step.is_end
        AND scoped_step.first_visit
        AND list_contains(CAST($anchor_ids AS INTEGER[]), scoped_step.touchpoint_id)
    GROUP BY scoped_step.journey_id
),
placed AS NOT MATERIALIZED (
    SELECT
        scoped_step.*,
        scoped_step.step - CASE WHEN $view = 'start' THEN 0 ELSE scoped_step.journey_steps END
            AS position
    FROM scoped_step
    WHERE ($view = 'start' AND scoped_step.step <= $last + 1)
        OR ($view = 'end' AND scoped_step.converted)
    UNION ALL
    SELECT scoped_step.*, scoped_step.step - first_visit.step AS position
    FROM scoped_step
    JOIN first_visit ON scoped_step.journey_id = first_visit.journey_id
),
counted AS (
    SELECT placed.position, placed.touchpoint_id, count(*) AS journeys
    FROM placed
    WHERE NOT placed.is_end AND placed.position BETWEEN $first AND $last
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
-- Touchpoints of one name are one node, which goes by the smallest of their numbers; 0 is any other.
node AS (
    SELECT
        kept.position,
        kept.touchpoint_id,
        kept.label,
        min(kept.touchpoint_id) OVER (PARTITION BY kept.position, kept.label) AS node_id
    FROM kept
),
moved AS (
    SELECT
        placed.position AS step,
        'node' AS source_kind,
        coalesce(source.node_id, 0) AS source_id,
        CASE
            WHEN placed.converted AND placed.step + 1 = placed.journey_steps THEN 'converted'
            WHEN placed.next_touchpoint_id IS NOT NULL AND placed.position = $last THEN 'further'
            WHEN placed.next_touchpoint_id IS NOT NULL THEN 'node'
            WHEN placed.dropped THEN 'left'
            ELSE 'active'
        END AS target_kind,
        CASE
            WHEN placed.next_touchpoint_id IS NOT NULL
                AND NOT (placed.converted AND placed.step + 1 = placed.journey_steps)
                THEN coalesce(target.node_id, 0)
        END AS target_id,
        placed.next_gap_seconds AS gap_seconds,
        placed.converted,
        placed.is_mature
    FROM placed
    LEFT JOIN node AS source
        ON placed.position = source.position AND placed.touchpoint_id = source.touchpoint_id
    LEFT JOIN node AS target
        ON placed.position + 1 = target.position
        AND placed.next_touchpoint_id = target.touchpoint_id
    WHERE NOT placed.is_end AND placed.position BETWEEN $first AND $last
    UNION ALL
    SELECT
        placed.position - 1 AS step,
        CASE WHEN placed.step = 1 THEN 'began' ELSE 'earlier' END AS source_kind,
        NULL AS source_id,
        CASE
            WHEN placed.is_end THEN 'converted'
            WHEN placed.position > $last THEN 'further'
            ELSE 'node'
        END AS target_kind,
        CASE WHEN NOT placed.is_end THEN coalesce(target.node_id, 0) END AS target_id,
        placed.gap_seconds,
        placed.converted,
        placed.is_mature
    FROM placed
    LEFT JOIN node AS target
        ON placed.position = target.position AND placed.touchpoint_id = target.touchpoint_id
    WHERE placed.position BETWEEN $first AND $last + 1
        AND (placed.step = 1 OR placed.position = $first)
),
linked AS (
    SELECT
        moved.step,
        moved.source_kind,
        moved.source_id,
        moved.target_kind,
        moved.target_id,
        count(*) AS journeys,
        count(*) FILTER (WHERE moved.is_mature) AS mature,
        count(*) FILTER (WHERE moved.is_mature AND moved.converted) AS mature_converted,
        median(moved.gap_seconds) AS median_seconds
    FROM moved
    GROUP BY moved.step, moved.source_kind, moved.source_id, moved.target_kind, moved.target_id
)
SELECT
    linked.step,
    CASE
        WHEN linked.source_kind <> 'node' THEN linked.source_kind
        WHEN source.label IS NULL THEN 'other'
        ELSE 'touchpoint'
    END AS source_kind,
    source.label AS source,
    CASE
        WHEN linked.target_kind <> 'node' THEN linked.target_kind
        WHEN target.label IS NULL THEN 'other'
        ELSE 'touchpoint'
    END AS target_kind,
    target.label AS target,
    linked.journeys,
    linked.mature,
    linked.mature_converted,
    linked.median_seconds
FROM linked
LEFT JOIN node AS source
    ON linked.step = source.position AND linked.source_id = source.touchpoint_id
LEFT JOIN node AS target
    ON linked.step + 1 = target.position AND linked.target_id = target.touchpoint_id
ORDER BY linked.step, linked.journeys DESC, source_kind, source, target_kind, target
