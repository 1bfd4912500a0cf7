scoped_journey AS (
    SELECT
        journey.journey_id,
        journey.person_id,
        journey.started_at,
        journey.ended_at,
        CASE
            WHEN journey.outcome <> 'open' THEN journey.outcome
            WHEN journey.started_at >= $open_since AND journey.ended_at >= $alive_since THEN 'active'
            ELSE 'dropped'
        END AS outcome,
        journey.started_at <= $open_since AS mature,
        epoch(journey.ended_at) - epoch(journey.started_at) AS duration_seconds,
        journey.steps,
        journey.path_id,
        journey.first_channel,
        journey.first_campaign,
        journey.first_source,
        journey.value,
        journey.currency,
        journey.first_properties
    FROM journey
    WHERE journey.definition_id = $definition_id/* segment */
),
scoped_step AS (
    SELECT
        step.journey_id,
        step.step,
        step.touchpoint_id,
        step.occurred_at,
        step.gap_seconds,
        step.next_touchpoint_id,
        step.is_end,
        step.first_visit
    FROM step
    WHERE step.definition_id = $definition_id
        AND step.journey_id IN (SELECT scoped_journey.journey_id FROM scoped_journey)
)
