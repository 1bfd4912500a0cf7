-- One row is one step of the funnel in one segment, or without a segment over all of them;
-- or one touchpoint that those lost at a step went to instead, without one those that ended there.
WITH pooled AS (
    SELECT
        CASE
            WHEN step_count.is_segment AND step_count.entered < $minimum_group THEN 'other'
            ELSE step_count.segment
        END AS segment,
        step_count.step,
        sum(step_count.reached) AS reached,
        sum(step_count.mature) AS mature,
        max(step_count.waited_seconds) AS waited_seconds,
        max(step_count.passed_seconds) AS passed_seconds
    FROM step_count
    WHERE step_count.reached > 0
    GROUP BY step_count.is_segment, 1, step_count.step
),
lost AS (
    SELECT unit.deepest, unit.went, count(*) AS units
    FROM unit
    GROUP BY unit.deepest, unit.went
),
gone AS (
    SELECT lost.deepest AS step, touchpoint.label AS touchpoint, sum(lost.units) AS units
    FROM lost
    LEFT JOIN touchpoint ON lost.went = touchpoint.touchpoint_id
    WHERE lost.deepest < $steps
    GROUP BY lost.deepest, touchpoint.label
)
SELECT
    'step' AS kind,
    pooled.segment,
    pooled.step,
    CAST(NULL AS VARCHAR) AS touchpoint,
    CAST(pooled.reached AS BIGINT) AS units,
    CAST(pooled.mature AS BIGINT) AS mature,
    pooled.waited_seconds,
    pooled.passed_seconds
FROM pooled
UNION ALL
SELECT
    'instead' AS kind,
    CAST(NULL AS VARCHAR) AS segment,
    gone.step,
    gone.touchpoint,
    CAST(gone.units AS BIGINT) AS units,
    CAST(gone.units AS BIGINT) AS mature,
    CAST(NULL AS DOUBLE) AS waited_seconds,
    CAST(NULL AS DOUBLE) AS passed_seconds
FROM gone
ORDER BY kind DESC, segment, step, units DESC, touchpoint
