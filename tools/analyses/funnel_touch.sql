-- One row is one action that means something to the funnel, with the next action. `meaning` has a bit
-- for each step that the touchpoint takes; 0: it is excluded. `cuts`: what was done before this row
-- leads no further.
SELECT
    near.unit_id,
    near.owner_id,
    near.occurred_at,
    near.touchpoint_id,
    near.meaning,
    near.is_young,
    near.next_unit_id,
    near.next_touchpoint_id,
    near.next_at,
    near.meaning = 0/* or cut */ AS cuts
FROM (
    SELECT
        told.*,
        lead(told.unit_id) OVER () AS next_unit_id,
        lead(told.touchpoint_id) OVER () AS next_touchpoint_id,
        lead(told.occurred_at) OVER () AS next_at,
        lag(told.meaning) OVER () AS meaning_before
    FROM (
        SELECT
            history.*,
            list_extract(CAST($meanings AS BIGINT[]), history.touchpoint_id) AS meaning
        FROM history
    ) AS told
) AS near
WHERE near.meaning IS NOT NULL/* young */
