-- One row is one touchpoint that means something to the funnel: a step, or excluded.
SELECT
    role.touchpoint_id,
    bool_or(role.is_target) AS is_step,
    bool_or(role.is_target AND role.step = 1) AS is_first
FROM role
GROUP BY role.touchpoint_id
UNION ALL
SELECT touchpoint.touchpoint_id, false AS is_step, false AS is_first
FROM touchpoint
WHERE list_contains(CAST($excluded AS INTEGER[]), touchpoint.touchpoint_id)
