-- One row is one arrival at the first step during a unit's first visit to it: `others` counts
-- what else the unit did before.
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
JOIN (
    SELECT entering.owner_id, entering.session, min(entering.others) AS others
    FROM touch AS entering
    WHERE entering.enters
    GROUP BY entering.owner_id, entering.session
) AS first_visit
    ON touch.owner_id = first_visit.owner_id
    AND touch.session = first_visit.session
    AND touch.others = first_visit.others
WHERE touch.enters
