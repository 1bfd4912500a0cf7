-- One row is one touchpoint that takes a step, or that breaks the run towards it.
SELECT
    CAST($step AS INTEGER) AS step,
    touchpoint.touchpoint_id,
    list_contains(CAST($targets AS INTEGER[]), touchpoint.touchpoint_id) AS is_target,
    list_contains(CAST($breaks AS INTEGER[]), touchpoint.touchpoint_id) AS breaks
FROM touchpoint
WHERE list_contains(CAST($targets AS INTEGER[]), touchpoint.touchpoint_id)
    OR list_contains(CAST($breaks AS INTEGER[]), touchpoint.touchpoint_id)
