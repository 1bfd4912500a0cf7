-- One row is one unit with an entry old enough to judge: which steps such entries reached, and
-- where it went after the deepest one (0: nothing more within the window). That is the first action
-- which is not more of that step.
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
        /* each step */
        lag(reaching.ever_k) OVER () AS before_k,
        /* end */
        CASE
            /* each step, the last first */
            WHEN reaching.ever_k > $never THEN $step_k
            /* end */
        END AS deepest,
        reaching.*
    FROM reaching
),
placed AS (
    SELECT
        deepening.*,
        deepening.deepest IS NOT NULL
            AND (
                deepening.begun IS NOT NULL
                OR lag(deepening.deepest) OVER () IS DISTINCT FROM deepening.deepest
            ) AS deepens,
        deepening.next_unit_id IS DISTINCT FROM deepening.unit_id
            OR list_extract(
                CAST($taken AS INTEGER[]),
                (deepening.deepest - 1) * $touchpoints + deepening.next_touchpoint_id
            ) = 0 AS leaves
    FROM deepening
),
-- One row is one touch at which a unit first arrives at a step, or which it leaves after more of the
-- same.
telling AS (
    SELECT
        following.*,
        /* each step */
        following.entered_k IS NOT NULL
            AND (following.begun IS NOT NULL OR following.before_k = $never) AS first_k,
        /* end */
        last_value(
            CASE WHEN following.deepens OR following.leaves THEN NOT following.leaves END IGNORE NULLS
        ) OVER (ROWS UNBOUNDED PRECEDING) AS stays
    FROM (
        SELECT
            placed.*,
            lag(placed.leaves) OVER () AS left_before
        FROM placed
    ) AS following
    WHERE following.deepens/* or optional */ OR (following.leaves AND NOT following.left_before)
),
leaving AS (
    SELECT
        telling.*,
        telling.leaves AND (telling.deepens OR lag(telling.stays) OVER ()) AS is_leaving,
        CASE telling.deepest
            /* each step */
            WHEN $step_k THEN telling.entered_k
            /* end */
        END AS deepest_entered
    FROM telling
),
told AS (
    SELECT
        leaving.unit_id,
        leaving.owner_id,
        leaving.next_at,
        leaving.deepest,
        /* each step */
        leaving.ever_k > $never AS reached_k,
        /* end */
        /* each later step */
        last_value(
            CASE WHEN leaving.first_k THEN epoch(leaving.occurred_at) - epoch(leaving.since_k) END
            IGNORE NULLS
        ) OVER (ROWS UNBOUNDED PRECEDING) AS waited_k,
        /* end */
        /* last step */
        last_value(
            CASE WHEN leaving.first_k THEN epoch(leaving.occurred_at) - epoch(leaving.entered_k) END
            IGNORE NULLS
        ) OVER (ROWS UNBOUNDED PRECEDING) AS passed,
        /* end */
        last_value(CASE WHEN leaving.deepens THEN leaving.deepest_entered END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS deepest_entered,
        last_value(
            CASE
                WHEN NOT leaving.is_leaving THEN NULL
                WHEN leaving.next_unit_id = leaving.unit_id THEN leaving.next_touchpoint_id
                ELSE 0
            END IGNORE NULLS
        ) OVER (ROWS UNBOUNDED PRECEDING) AS next_touchpoint_id,
        last_value(CASE WHEN leaving.is_leaving THEN leaving.next_at END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS left_at,
        lead(leaving.unit_id) OVER () IS DISTINCT FROM leaving.unit_id AS is_last
    FROM leaving
)
SELECT
    told.unit_id,
    told.owner_id,
    told.deepest,
    /* each step */
    told.reached_k,
    /* end */
    /* each later step */
    CASE WHEN told.reached_k THEN told.waited_k END AS waited_k,
    /* end */
    /* last step */
    CASE WHEN told.reached_k THEN told.passed END AS passed,
    /* end */
    CASE WHEN true/* in time */ THEN told.next_touchpoint_id ELSE 0 END AS went
FROM told
WHERE told.is_last
