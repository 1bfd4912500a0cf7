-- One row is one segment, or all of them.
SELECT
    /* each step */
    count_if(unit.reaches_k) AS reached_k,
    count_if(unit.matures_k) AS mature_k,
    /* end */
    CAST(NULL AS DOUBLE) AS waited_1,
    /* each later step */
    quantile_cont(unit.waited_k, 0.5) AS waited_k,
    /* end */
    quantile_cont(unit.passed, 0.5) AS passed,
    CAST(NULL AS VARCHAR) AS segment,
    false AS is_segment
FROM unit
