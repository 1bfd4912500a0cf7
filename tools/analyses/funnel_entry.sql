-- One row is one touch, with its own time where it enters the funnel. `begun` and `reset` are set
-- (to `never`) where another unit begins, and where nothing done before leads any further.
SELECT
    placed.*,
    CASE WHEN placed.begins THEN $never END AS begun,
    CASE WHEN placed.begins/* or cut */ THEN $never END AS reset,
    CASE WHEN placed.is_first/* enters */ THEN placed.occurred_at END AS entered_1
FROM (
    SELECT
        touch.*,
        (touch.meaning & $bit_1) > 0 AS is_first,
        lag(touch.unit_id) OVER () IS DISTINCT FROM touch.unit_id AS begins,
        lag(touch.occurred_at) OVER () AS previous_at
    FROM touch
) AS placed
