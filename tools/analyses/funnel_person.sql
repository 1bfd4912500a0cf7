-- One row is one action, in the order in which its person took it.
SELECT
    event.person_id AS unit_id,
    event.person_id AS owner_id,
    event.occurred_at,
    event.touchpoint_id,
    event.occurred_at > $mature_until AS is_young
FROM event
WHERE event.kind = 'action'
    AND event.occurred_at <= $as_of
    AND list_extract(CAST($hidden AS INTEGER[]), event.touchpoint_id) = 0/* share of event.person_id *//* young event.occurred_at > $mature_until */
/* order by event.person_id, event.occurred_at, event.seq */
