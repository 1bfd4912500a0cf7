-- One row is one touch, with the entry that an arrival there at this step goes back to: that of the
-- last arrival before it at a step that this one follows (`since_k` is when that was). A touchpoint
-- that breaks the run in between leaves nothing to arrive from.
SELECT
    held.*,
    CASE
        WHEN held.takes_k AND held.entry_k > $never AND held.reset IS NULL/* in time */
            THEN held.entry_k
    END AS entered_k
FROM (
    SELECT
        carried.*,
        last_value(carried.carry_k IGNORE NULLS) OVER (ROWS UNBOUNDED PRECEDING) AS entry_k,
        last_value(carried.carry_at_k IGNORE NULLS) OVER (ROWS UNBOUNDED PRECEDING) AS since_k
    FROM (
        SELECT
            way.*,
            (way.meaning & $bit_k) > 0 AS takes_k,
            lag(coalesce(way.entered_before, /* break */ way.reset)) OVER () AS carry_k,
            lag(CASE WHEN way.entered_before IS NOT NULL THEN way.occurred_at END) OVER () AS carry_at_k
        FROM way
    ) AS carried
) AS held
