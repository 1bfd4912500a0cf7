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
around AS MATERIALIZED (
    SELECT scoped_step.*, scoped_step.step - first_visit.step AS position
    FROM scoped_step
    JOIN first_visit ON scoped_step.journey_id = first_visit.journey_id
    WHERE scoped_step.step - first_visit.step BETWEEN $first AND $last + 1
),
placed AS NOT MATERIALIZED (
    SELECT
        scoped_step.*,
        scoped_step.step - CASE WHEN $view = 'start' THEN 0 ELSE scoped_step.journey_steps END
            AS position,
        scoped_step.converted AND scoped_step.step + 1 = scoped_step.journey_steps AS converts
    FROM scoped_step
    WHERE ($view = 'start' AND scoped_step.step <= $last + 1)
        OR ($view = 'end' AND scoped_step.converted)
    UNION ALL
    SELECT
        around.*,
        around.converted AND around.step + 1 = around.journey_steps AS converts
    FROM around
),
moved AS (
    SELECT
        placed.position,
        placed.touchpoint_id,
        placed.next_touchpoint_id,
        placed.converts,
        placed.next_touchpoint_id IS NULL AND placed.dropped AS leaves,
        count(*) AS journeys,
        count(*) FILTER (WHERE placed.is_mature) AS mature,
        count(*) FILTER (WHERE placed.is_mature AND placed.converted) AS mature_converted
    FROM placed
    WHERE NOT placed.is_end AND placed.position BETWEEN $first AND $last
    GROUP BY
        placed.position,
        placed.touchpoint_id,
        placed.next_touchpoint_id,
        placed.converts,
        placed.next_touchpoint_id IS NULL AND placed.dropped
),
entered AS (
    SELECT
        placed.position,
        placed.touchpoint_id,
        placed.step = 1 AS begins,
        placed.is_end,
        count(*) AS journeys,
        count(*) FILTER (WHERE placed.is_mature) AS mature,
        count(*) FILTER (WHERE placed.is_mature AND placed.converted) AS mature_converted,
        list(placed.gap_seconds) FILTER (WHERE placed.step > 1) AS gaps
    FROM placed
    WHERE placed.position BETWEEN $first AND $last + 1
        AND (placed.step = 1 OR placed.position = $first)
    GROUP BY placed.position, placed.touchpoint_id, placed.step = 1, placed.is_end
),
counted AS (
    SELECT moved.position, moved.touchpoint_id, sum(moved.journeys) AS journeys
    FROM moved
    GROUP BY moved.position, moved.touchpoint_id
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
-- Touchpoints become nodes here, on the counts, and not once per step of a journey.
way AS (
    SELECT
        moved.position AS step,
        'node' AS source_kind,
        coalesce(source.node_id, 0) AS source_id,
        CASE
            WHEN moved.converts THEN 'converted'
            WHEN moved.next_touchpoint_id IS NOT NULL AND moved.position = $last THEN 'further'
            WHEN moved.next_touchpoint_id IS NOT NULL THEN 'node'
            WHEN moved.leaves THEN 'left'
            ELSE 'active'
        END AS target_kind,
        CASE
            WHEN moved.next_touchpoint_id IS NOT NULL AND NOT moved.converts
                THEN coalesce(target.node_id, 0)
        END AS target_id,
        moved.touchpoint_id,
        moved.next_touchpoint_id,
        moved.converts,
        moved.journeys,
        moved.mature,
        moved.mature_converted,
        NULL AS gaps
    FROM moved
    LEFT JOIN node AS source
        ON moved.position = source.position AND moved.touchpoint_id = source.touchpoint_id
    LEFT JOIN node AS target
        ON moved.position + 1 = target.position
        AND moved.next_touchpoint_id = target.touchpoint_id
    UNION ALL
    SELECT
        entered.position - 1 AS step,
        CASE WHEN entered.begins THEN 'began' ELSE 'earlier' END AS source_kind,
        NULL AS source_id,
        CASE
            WHEN entered.is_end THEN 'converted'
            WHEN entered.position > $last THEN 'further'
            ELSE 'node'
        END AS target_kind,
        CASE WHEN NOT entered.is_end THEN coalesce(target.node_id, 0) END AS target_id,
        NULL AS touchpoint_id,
        entered.touchpoint_id AS next_touchpoint_id,
        entered.is_end AS converts,
        entered.journeys,
        entered.mature,
        entered.mature_converted,
        entered.gaps
    FROM entered
    LEFT JOIN node AS target
        ON entered.position = target.position AND entered.touchpoint_id = target.touchpoint_id
),
numbered AS (
    SELECT
        way.*,
        dense_rank() OVER (
            ORDER BY way.step, way.source_kind, way.source_id, way.target_kind, way.target_id
        ) AS link
    FROM way
),
linked AS (
    SELECT
        numbered.link,
        numbered.step,
        numbered.source_kind,
        numbered.source_id,
        numbered.target_kind,
        numbered.target_id,
        CAST(sum(numbered.journeys) AS BIGINT) AS journeys,
        CAST(sum(numbered.mature) AS BIGINT) AS mature,
        CAST(sum(numbered.mature_converted) AS BIGINT) AS mature_converted
    FROM numbered
    GROUP BY
        numbered.link,
        numbered.step,
        numbered.source_kind,
        numbered.source_id,
        numbered.target_kind,
        numbered.target_id
),
taken AS (
    SELECT numbered.link, placed.next_gap_seconds AS gap_seconds
    FROM placed
    JOIN numbered
        ON placed.position = numbered.step
        AND placed.touchpoint_id = numbered.touchpoint_id
        AND placed.next_touchpoint_id = numbered.next_touchpoint_id
        AND placed.converts = numbered.converts
    WHERE NOT placed.is_end AND placed.position BETWEEN $first AND $last
    UNION ALL
    SELECT numbered.link, unnest(numbered.gaps) AS gap_seconds
    FROM numbered
),
timed AS (
    SELECT taken.link, median(taken.gap_seconds) AS median_seconds
    FROM taken
    GROUP BY taken.link
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
    timed.median_seconds
FROM linked
LEFT JOIN timed ON linked.link = timed.link
LEFT JOIN node AS source
    ON linked.step = source.position AND linked.source_id = source.touchpoint_id
LEFT JOIN node AS target
    ON linked.step + 1 = target.position AND linked.target_id = target.touchpoint_id
ORDER BY linked.step, linked.journeys DESC, source_kind, source, target_kind, target
