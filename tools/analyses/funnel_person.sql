-- One row is one action of a person in scope.
SELECT
    event.person_id AS owner_id,
    0 AS session,
    event.occurred_at,
    event.seq,
    event.touchpoint_id
FROM event
WHERE event.kind = 'action'
    AND event.occurred_at <= $as_of
    AND event.person_id IN (SELECT owner.owner_id FROM owner)
