-- One row is one count: of the actions that stand behind one that comes after them.
SELECT count(*) AS misplaced
FROM (
    SELECT
        event.person_id,
        event.occurred_at,
        event.seq,
        lag(event.person_id) OVER () AS previous_person_id,
        lag(event.occurred_at) OVER () AS previous_at,
        lag(event.seq) OVER () AS previous_seq
    FROM event
    WHERE event.kind = 'action'
) AS placed
WHERE placed.previous_person_id > placed.person_id
    OR (
        placed.previous_person_id = placed.person_id
        AND (
            placed.previous_at > placed.occurred_at
            OR (placed.previous_at = placed.occurred_at AND placed.previous_seq > placed.seq)
        )
    )
ORDER BY misplaced
