-- One row is one step of a journey old enough to judge, without the end event.
SELECT
    scoped_step.journey_id,
    list_extract($codes::INTEGER[], scoped_step.touchpoint_id) AS code,
    CASE
        WHEN NOT (scoped_step.converted AND scoped_step.step + 1 = scoped_step.journey_steps)
            THEN list_extract($codes::INTEGER[], scoped_step.next_touchpoint_id)
    END AS next_code,
    scoped_step.step AS place,
    scoped_step.occurred_at AS began_at,
    scoped_step.converted
FROM scoped_step
WHERE scoped_step.is_mature
    AND (scoped_step.converted OR NOT $winners)
    AND NOT scoped_step.is_end
