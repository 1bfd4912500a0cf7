scoped_journey AS NOT MATERIALIZED (
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
        /* previous journey */ AS previous_at,
        /* previous journey */ IS NULL AS is_first,
        epoch(journey.ended_at) - epoch(journey.started_at) AS duration_seconds,
        journey.steps,
        journey.last_touchpoint_id,
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
scoped_step AS NOT MATERIALIZED (
    SELECT
        step.journey_id,
        step.step,
        step.touchpoint_id,
        step.occurred_at,
        step.gap_seconds,
        step.next_touchpoint_id,
        step.next_gap_seconds,
        step.is_end,
        step.first_visit,
        step.steps AS journey_steps,
        step.converted,
        NOT step.converted AND NOT (
            step.is_open AND step.started_at >= $open_since AND step.ended_at >= $alive_since
        ) AS dropped,
        step.started_at AS journey_started_at,
        step.started_at <= $open_since AS is_mature,
        step.channel_id,
        /* step's previous journey */ AS previous_at,
        /* step's previous journey */ IS NULL AS is_first_journey
    FROM step/* join */
    WHERE step.definition_id = $definition_id/* steps of the segment */
)
