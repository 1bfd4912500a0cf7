scoped_visit AS NOT MATERIALIZED (
    SELECT
        visit.journey_id,
        visit.touch_id,
        visit.session_key,
        visit.began_at,
        visit.is_end,
        visit.converted,
        visit.started_at <= $open_since AS is_mature
    FROM visit
    WHERE visit.definition_id = $definition_id/* visits of the dates */
)
