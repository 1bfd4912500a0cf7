-- One row is one action that means something to the funnel (1: it is a step, 0: it is excluded), and
-- what its unit did next. `cuts`: what the unit did before this row leads no further.
SELECT
    near.unit_id,
    near.owner_id,
    near.occurred_at,
    near.touchpoint_id,
    near.is_young,
    near.meaning = 0/* or cut */ AS cuts,
    CASE WHEN near.next_unit_id = near.unit_id THEN near.next_touchpoint_id END AS next_touchpoint_id,
    near.next_at
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
            list_extract(CAST($meanings AS INTEGER[]), history.touchpoint_id) AS meaning
        FROM history
    ) AS told
) AS near
WHERE near.meaning IS NOT NULL/* young */
