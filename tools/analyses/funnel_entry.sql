-- One row is one arrival at the first step: every entry counts.
SELECT
    touch.owner_id,
    touch.session,
    touch.piece,
    touch.occurred_at <= owner.mature_until AS mature,
    touch.occurred_at,
    touch.seq,
    touch.occurred_at AS entered_at,
    CAST(NULL AS DOUBLE) AS waited_seconds
FROM touch
JOIN owner ON touch.owner_id = owner.owner_id
WHERE touch.enters
