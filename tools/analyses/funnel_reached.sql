-- One row is one unit's first arrival at one step, apart for entries old enough to judge.
SELECT
    numbered.owner_id,
    numbered.session,
    numbered.mature,
    numbered.step,
    numbered.occurred_at,
    numbered.seq,
    numbered.entered_at,
    numbered.waited_seconds
FROM (
    SELECT
        arrival.*,
        row_number() OVER (
            PARTITION BY arrival.owner_id, arrival.session, arrival.mature, arrival.step
            ORDER BY arrival.occurred_at, arrival.seq
        ) AS number
    FROM arrival
) AS numbered
WHERE numbered.number = 1
