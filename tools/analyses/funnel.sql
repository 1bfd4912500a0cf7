-- One row is one step of the funnel in one segment, or without a segment over all of them;
-- or one touchpoint that those lost at a step went to instead, without one those that ended there.
WITH unit_step AS (
    SELECT
        reached.owner_id,
        reached.session,
        reached.step,
        max(CASE WHEN reached.mature THEN 1 ELSE 0 END) AS mature,
        max(CASE WHEN reached.mature THEN reached.waited_seconds END) AS waited_seconds,
        max(CASE WHEN reached.mature THEN epoch(reached.occurred_at) - epoch(reached.entered_at) END)
            AS passed_seconds,
        max(CASE WHEN reached.mature THEN reached.occurred_at END) AS occurred_at,
        max(CASE WHEN reached.mature THEN reached.seq END) AS seq,
        max(CASE WHEN reached.mature THEN reached.entered_at END) AS entered_at
    FROM reached
    GROUP BY reached.owner_id, reached.session, reached.step
),
placed AS (
    SELECT
        unit_step.*,
        max(CASE WHEN unit_step.mature = 1 THEN unit_step.step END)
            OVER (PARTITION BY unit_step.owner_id, unit_step.session) AS deepest,
        owner.segment
    FROM unit_step
    JOIN owner ON unit_step.owner_id = owner.owner_id
),
segment_size AS (
    SELECT
        placed.segment,
        CASE WHEN count(*) < $minimum_group THEN 'other' ELSE placed.segment END AS pooled
    FROM placed
    WHERE placed.step = 1
    GROUP BY placed.segment
),
counted AS (
    SELECT
        segment_size.pooled AS segment,
        grouping(segment_size.pooled) AS is_total,
        placed.step,
        count(*) AS reached,
        sum(placed.mature) AS mature,
        count(*) FILTER (WHERE placed.mature = 1 AND placed.deepest = placed.step) AS ended,
        quantile_cont(placed.waited_seconds, 0.5) AS waited_seconds,
        quantile_cont(placed.passed_seconds, 0.5) AS passed_seconds
    FROM placed
    JOIN segment_size ON placed.segment = segment_size.segment
    GROUP BY GROUPING SETS ((segment_size.pooled, placed.step), (placed.step))
),
lost AS (
    SELECT
        placed.owner_id,
        placed.session,
        placed.step,
        placed.occurred_at,
        placed.seq,
        placed.entered_at
    FROM placed
    WHERE placed.mature = 1 AND placed.step = placed.deepest AND placed.step < $steps
),
later AS (
    SELECT
        lost.owner_id,
        lost.session,
        arg_min(action.touchpoint_id, row(action.occurred_at, action.seq, action.touchpoint_id))
            AS touchpoint_id
    FROM lost
    JOIN action
        ON lost.owner_id = action.owner_id
        AND lost.session = action.session
        AND lost.occurred_at <= action.occurred_at
    LEFT JOIN role
        ON action.touchpoint_id = role.touchpoint_id
        AND lost.step = role.step
        AND role.is_target
    WHERE (action.occurred_at > lost.occurred_at OR action.seq > lost.seq)
        AND action.occurred_at <= lost.entered_at + $window
        AND role.step IS NULL
    GROUP BY lost.owner_id, lost.session
),
gone AS (
    SELECT lost.step, touchpoint.label AS touchpoint, count(*) AS units
    FROM lost
    LEFT JOIN later
        ON lost.owner_id = later.owner_id AND lost.session = later.session
    LEFT JOIN touchpoint ON later.touchpoint_id = touchpoint.touchpoint_id
    GROUP BY lost.step, touchpoint.label
)
SELECT
    'step' AS kind,
    CASE WHEN counted.is_total = 0 THEN counted.segment END AS segment,
    counted.step,
    CAST(NULL AS VARCHAR) AS touchpoint,
    counted.reached AS units,
    CAST(counted.mature AS BIGINT) AS mature,
    counted.ended,
    counted.waited_seconds,
    counted.passed_seconds
FROM counted
UNION ALL
SELECT
    'instead' AS kind,
    CAST(NULL AS VARCHAR) AS segment,
    gone.step,
    gone.touchpoint,
    gone.units,
    gone.units AS mature,
    gone.units AS ended,
    CAST(NULL AS DOUBLE) AS waited_seconds,
    CAST(NULL AS DOUBLE) AS passed_seconds
FROM gone
ORDER BY kind DESC, segment, step, units DESC, touchpoint
