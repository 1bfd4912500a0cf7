-- One row is one step of a journey old enough to judge, in no particular order, without the end event.
SELECT
    scoped_step.journey_id,
    list_extract($codes::INTEGER[], scoped_step.touchpoint_id) AS code,
    scoped_step.converted
FROM scoped_step
WHERE scoped_step.is_mature AND NOT scoped_step.is_end
