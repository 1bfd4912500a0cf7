-- One row is one step of a journey in scope.
SELECT
    scoped_step.journey_id AS owner_id,
    0 AS session,
    scoped_step.occurred_at,
    scoped_step.step AS seq,
    scoped_step.touchpoint_id
FROM scoped_step
