-- One row is one segment, or all of them, or one touchpoint that those lost at a step went to.
SELECT
    /* each step */
    count(*) FILTER (WHERE arrival.reaches_k) AS reached_k,
    count(*) FILTER (WHERE arrival.matures_k) AS mature_k,
    count(*) FILTER (WHERE arrival.lost_at = $step_k) AS ended_k,
    quantile_cont(arrival.waited_k, 0.5) AS waited_k,
    /* end */
    quantile_cont(arrival.passed, 0.5) AS passed,
    count(arrival.lost_at) AS lost,
    arrival.lost_at,
    arrival.went,
    CAST(NULL AS VARCHAR) AS segment,
    false AS is_segment,
    grouping(arrival.lost_at) = 0 AS is_loss
FROM arrival
JOIN owner ON arrival.owner_id = owner.owner_id
GROUP BY GROUPING SETS (/* by segment */ (), (arrival.lost_at, arrival.went))
