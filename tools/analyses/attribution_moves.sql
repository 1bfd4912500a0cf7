-- One row is one move from a touch to the next, or to the journey's end, with how many there are and with how many journeys began.
WITH touch AS NOT MATERIALIZED (
    SELECT told.*
    FROM judged_touch AS told/* within */
)
SELECT
    'move' AS aspect,
    list_extract($names::VARCHAR[], touch.code) AS name,
    list_extract($names::VARCHAR[], touch.next_code) AS next_name,
    touch.converted,
    count(*) AS moves,
    count(*) FILTER (WHERE touch.place = 1) AS began
FROM touch
GROUP BY touch.code, touch.next_code, touch.converted
ORDER BY touch.code, touch.next_code NULLS FIRST, touch.converted
