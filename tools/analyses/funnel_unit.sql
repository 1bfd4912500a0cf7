-- One row is one unit in scope: the steps that it reached by entries old enough to judge
-- (`matures_k`), or those that it reached by young ones. It counts for a step once (`reaches_k`).
SELECT
    /* each step */
    reached.reached_k AS matures_k,
    reached.reached_k
        AND reached.unit_id NOT IN (SELECT young.unit_id FROM young WHERE young.reached_k) AS reaches_k,
    /* end */
    /* each later step */
    reached.waited_k,
    /* end */
    reached.passed,
    reached.deepest,
    reached.went,
    owner.segment
FROM reached
JOIN owner ON reached.owner_id = owner.owner_id
UNION ALL
SELECT
    /* each step */
    false AS matures_k,
    young.reached_k AS reaches_k,
    /* end */
    /* each later step */
    CAST(NULL AS DOUBLE) AS waited_k,
    /* end */
    CAST(NULL AS DOUBLE) AS passed,
    CAST(NULL AS INTEGER) AS deepest,
    CAST(NULL AS INTEGER) AS went,
    owner.segment
FROM young
JOIN owner ON young.owner_id = owner.owner_id
