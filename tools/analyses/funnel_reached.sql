-- One row is one touch at which a unit first arrives at a step (`first_k`), or from which it goes
-- elsewhere than to more of the deepest step that it has reached: the first such one after that step
-- says where to (`went`; 0: nothing more within the window).
WITH reaching AS (
    SELECT
        /* each step */
        last_value(coalesce(way.entered_k, way.begun) IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS ever_k,
        /* end */
        way.*
    FROM way
),
deepening AS (
    SELECT
        reaching.*,
        /* each step */
        lag(reaching.ever_k) OVER () AS before_k,
        /* end */
        CASE
            /* each step, the last first */
            WHEN reaching.ever_k > $never THEN $step_k
            /* end */
        END AS deepest
    FROM reaching
),
placed AS (
    SELECT
        deepening.*,
        /* each step */
        deepening.entered_k IS NOT NULL
            AND (deepening.begun IS NOT NULL OR deepening.before_k = $never) AS first_k,
        /* end */
        CASE deepening.deepest
            /* each step */
            WHEN $step_k THEN
                coalesce(list_extract(CAST($targets_k AS INTEGER[]), deepening.next_touchpoint_id), 0) = 0
            /* end */
        END AS leaves
    FROM deepening
),
deepened AS (
    SELECT
        placed.*,
        CASE placed.deepest
            /* each step */
            WHEN $step_k THEN placed.first_k
            /* end */
        END AS deepens
    FROM placed
),
staying AS (
    SELECT
        deepened.*,
        last_value(
            CASE WHEN deepened.deepens OR deepened.leaves THEN NOT deepened.leaves END IGNORE NULLS
        ) OVER (ROWS UNBOUNDED PRECEDING) AS stays,
        last_value(
            CASE
                /* each step */
                WHEN deepened.deepens AND deepened.deepest = $step_k THEN deepened.entered_k
                /* end */
            END IGNORE NULLS
        ) OVER (ROWS UNBOUNDED PRECEDING) AS entered_at
    FROM deepened
),
leaving AS (
    SELECT
        staying.*,
        staying.leaves AND (staying.deepens OR lag(staying.stays) OVER ()) AS is_leaving
    FROM staying
),
gone AS (
    SELECT
        leaving.*,
        CASE
            WHEN leaving.is_leaving/* in time */ THEN coalesce(leaving.next_touchpoint_id, 0)
            WHEN leaving.is_leaving THEN 0
        END AS gone_to
    FROM leaving
    WHERE /* each step */ leaving.first_k OR /* end */ leaving.is_leaving
)
SELECT
    /* each step */
    gone.first_k,
    CASE WHEN gone.first_k THEN epoch(gone.occurred_at) - epoch(gone.since_k) END AS waited_k,
    /* end */
    /* last step */
    CASE WHEN gone.first_k THEN epoch(gone.occurred_at) - epoch(gone.entered_k) END AS passed,
    /* end */
    gone.unit_id,
    gone.owner_id,
    gone.deepest,
    coalesce(lead(gone.unit_id) OVER () <> gone.unit_id, true) AS is_last,
    last_value(gone.gone_to IGNORE NULLS) OVER (ROWS UNBOUNDED PRECEDING) AS went
FROM gone
