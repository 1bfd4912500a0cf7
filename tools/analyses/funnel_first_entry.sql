-- One row is one touch, with its own time where it enters the funnel during its unit's first visit
-- to the first step: whatever is no entry ends a visit.
SELECT
    visit.*,
    CASE WHEN visit.goes_on/* of this age */ THEN visit.visits_at END AS entered_1
FROM (
    SELECT
        known.*,
        last_value(
            CASE
                WHEN known.visits_at IS NULL THEN false
                WHEN known.visitor_id IS DISTINCT FROM known.unit_id THEN true
                WHEN known.reset IS NOT NULL THEN false
            END IGNORE NULLS
        ) OVER (ROWS UNBOUNDED PRECEDING) AS goes_on
    FROM (
        SELECT
            told.*,
            lag(told.latest_id) OVER () AS visitor_id
        FROM (
            SELECT
                entry.*,
                last_value(CASE WHEN entry.visits_at IS NOT NULL THEN entry.unit_id END IGNORE NULLS)
                    OVER (ROWS UNBOUNDED PRECEDING) AS latest_id
            FROM entry
        ) AS told
    ) AS known
) AS visit
