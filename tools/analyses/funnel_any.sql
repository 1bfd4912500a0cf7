-- One row is one touch, with the earliest of what an arrival there goes back to: a moment at which
-- this step and all before it are done, whatever their order. `since_k` is when the others were.
SELECT
    held.*,
    CASE
        WHEN (held.takes_k OR held.brings_k)
            AND held.others_k > $never
            AND held.taken_k > $never/* in time */
            THEN least(held.others_k, held.taken_k)
    END AS entered_k
FROM (
    SELECT
        carried.*,
        last_value(carried.carry_k IGNORE NULLS) OVER (ROWS UNBOUNDED PRECEDING) AS others_k,
        last_value(carried.carry_at_k IGNORE NULLS) OVER (ROWS UNBOUNDED PRECEDING) AS since_k,
        last_value(CASE WHEN carried.takes_k THEN carried.occurred_at ELSE carried.reset END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS taken_k
    FROM (
        SELECT
            way.*,
            (way.meaning & $bit_k) > 0 AS takes_k,
            way.entered_before IS NOT NULL AS brings_k,
            coalesce(way.entered_before, way.reset) AS carry_k,
            CASE WHEN way.entered_before IS NOT NULL THEN way.occurred_at END AS carry_at_k
        FROM way
    ) AS carried
) AS held
