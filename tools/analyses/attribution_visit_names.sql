-- One row is one visit of a journey old enough to judge, in no particular order.
SELECT
    scoped_visit.journey_id,
    list_extract($codes::INTEGER[], scoped_visit.touch_id) AS code,
    scoped_visit.converted
FROM scoped_visit
WHERE scoped_visit.is_mature AND NOT ($without_end AND scoped_visit.is_end)
