-- One row is one touch, with the entry that an arrival there at this step goes back to: that of the
-- last arrival at a step that this one follows before the moment of this row (`since_k` is when
-- that was).
SELECT
    held.*,
    CASE
        WHEN held.takes_k AND held.entry_k > $never AND held.reset IS NULL/* in time */
            THEN held.entry_k
    END AS entered_k
FROM (
    SELECT
        latest.*,
        last_value(CASE WHEN latest.is_later THEN coalesce(latest.last_entry_k, $never) END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS entry_k,
        last_value(CASE WHEN latest.is_later THEN latest.last_at_k END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS since_k
    FROM (
        SELECT
            carried.*,
            carried.reset IS NOT NULL OR carried.occurred_at > carried.previous_at AS is_later,
            CASE
                WHEN carried.reset IS NOT NULL THEN $never
                ELSE last_value(carried.carry_k IGNORE NULLS) OVER (ROWS UNBOUNDED PRECEDING)
            END AS last_entry_k,
            last_value(carried.carry_at_k IGNORE NULLS) OVER (ROWS UNBOUNDED PRECEDING) AS last_at_k
        FROM (
            SELECT
                way.*,
                (way.meaning & $bit_k) > 0 AS takes_k,
                lag(coalesce(way.entered_before, way.reset)) OVER () AS carry_k,
                lag(CASE WHEN way.entered_before IS NOT NULL THEN way.occurred_at END) OVER ()
                    AS carry_at_k
            FROM way
        ) AS carried
    ) AS latest
) AS held
