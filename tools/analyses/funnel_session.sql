-- One row is one action, session after session: the source's own, or one that ends where nothing
-- happens for longer than the definition's session gap. A session is called by its first event.
SELECT
    last_value(CASE WHEN NOT spaced.goes_on THEN spaced.event_id END IGNORE NULLS)
        OVER (ROWS UNBOUNDED PRECEDING) AS unit_id,
    spaced.owner_id,
    spaced.occurred_at,
    spaced.touchpoint_id,
    spaced.is_young
FROM (
    SELECT
        ordered.*,
        coalesce(
            lag(ordered.owner_id) OVER () = ordered.owner_id
            AND lag(ordered.session_id) OVER () IS NOT DISTINCT FROM ordered.session_id
            AND (
                ordered.session_id IS NOT NULL
                OR ordered.occurred_at - lag(ordered.occurred_at) OVER () <= $session_gap
            ),
            false
        ) AS goes_on
    FROM (
        SELECT
            event.person_id AS owner_id,
            event.event_id,
            event.session_id,
            event.occurred_at,
            event.touchpoint_id,
            event.occurred_at > $mature_until AS is_young
        FROM event
        WHERE event.kind = 'action'
            AND event.occurred_at <= $as_of
            AND list_extract(CAST($hidden AS INTEGER[]), event.touchpoint_id) = 0/* share of event.person_id */
        /* order by event.person_id, event.session_id NULLS FIRST, event.occurred_at, event.seq */
    ) AS ordered
) AS spaced
