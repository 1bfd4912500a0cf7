-- One row is one such touch, with the steps that its unit counts for as of it; or a unit's young
-- entries, with the steps that these reached.
SELECT
    /* each step */
    reached.first_k AS matures_k,
    reached.first_k AND NOT coalesce(young.reached_k, false) AS reaches_k,
    reached.waited_k,
    /* end */
    reached.passed,
    CASE WHEN reached.is_last AND reached.deepest < $steps THEN reached.deepest END AS lost_at,
    CASE WHEN reached.is_last AND reached.deepest < $steps THEN reached.went END AS went,
    reached.owner_id
FROM reached
LEFT JOIN young ON reached.unit_id = young.unit_id
UNION ALL
SELECT
    /* each step */
    false AS matures_k,
    young.reached_k AS reaches_k,
    CAST(NULL AS DOUBLE) AS waited_k,
    /* end */
    CAST(NULL AS DOUBLE) AS passed,
    CAST(NULL AS INTEGER) AS lost_at,
    CAST(NULL AS INTEGER) AS went,
    young.owner_id
FROM young
