-- One row is one action of a person in scope, with its session: the source's own, or one that ends
-- where nothing happens for longer than the definition's session gap.
SELECT
    spaced.owner_id,
    coalesce(
        spaced.session_id,
        CAST(
            sum(CASE WHEN spaced.session_id IS NULL AND spaced.gap <= $session_gap THEN 0 ELSE 1 END)
                OVER (
                    PARTITION BY spaced.owner_id, spaced.session_id IS NULL
                    ORDER BY spaced.occurred_at, spaced.seq
                    ROWS UNBOUNDED PRECEDING
                )
            AS VARCHAR
        ) || ' of none'
    ) AS session,
    spaced.occurred_at,
    spaced.seq,
    spaced.touchpoint_id
FROM (
    SELECT
        event.person_id AS owner_id,
        event.session_id,
        event.occurred_at,
        event.seq,
        event.touchpoint_id,
        event.occurred_at - lag(event.occurred_at) OVER (
            PARTITION BY event.person_id, event.session_id IS NULL
            ORDER BY event.occurred_at, event.seq
        ) AS gap
    FROM event
    WHERE event.kind = 'action'
        AND event.occurred_at <= $as_of
        AND event.person_id IN (SELECT owner.owner_id FROM owner)
) AS spaced
