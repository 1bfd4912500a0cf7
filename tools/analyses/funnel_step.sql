-- One row is one step of one segment, or of all of them.
SELECT
    counted.segment,
    counted.is_segment,
    CAST($step_k AS INTEGER) AS step,
    counted.reached_1 AS entered,
    counted.reached_k AS reached,
    counted.mature_k AS mature,
    counted.waited_k AS waited_seconds,
    counted.passed AS passed_seconds
FROM counted
