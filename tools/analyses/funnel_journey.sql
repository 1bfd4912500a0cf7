-- One row is one step, in the order in which its journey took it.
SELECT
    step.journey_id AS unit_id,
    step.journey_id AS owner_id,
    step.occurred_at,
    step.touchpoint_id,
    step.started_at > $open_since AS is_young
FROM step
WHERE step.definition_id = $definition_id/* share of step.journey_id *//* young step.started_at > $open_since */
