-- One row is one arrival at a step, from the last arrival before it at the step that it follows
-- (`arrived`); a touchpoint that breaks the run in between leaves nothing to arrive from.
SELECT
    run.owner_id,
    run.session,
    run.piece,
    run.mature,
    run.occurred_at,
    run.seq,
    run.held_entry AS entered_at,
    epoch(run.occurred_at) - epoch(run.held_at) AS waited_seconds
FROM (
    SELECT
        candidate.*,
        last_value(candidate.entered_at IGNORE NULLS) OVER (
            PARTITION BY candidate.owner_id, candidate.session, candidate.piece, candidate.mature
            ORDER BY candidate.occurred_at, candidate.seq, candidate.rank
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS held_entry,
        last_value(candidate.held_since IGNORE NULLS) OVER (
            PARTITION BY candidate.owner_id, candidate.session, candidate.piece, candidate.mature
            ORDER BY candidate.occurred_at, candidate.seq, candidate.rank
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS held_at
    FROM (
        SELECT
            touch.owner_id,
            touch.session,
            touch.piece,
            entered.mature,
            touch.occurred_at,
            touch.seq,
            role.is_target,
            CASE WHEN role.breaks THEN CAST($never AS TIMESTAMP) END AS entered_at,
            CASE WHEN role.breaks THEN touch.occurred_at END AS held_since,
            0 AS rank
        FROM touch
        JOIN role ON touch.touchpoint_id = role.touchpoint_id AND role.step = $step
        JOIN (
            SELECT DISTINCT arrived.owner_id, arrived.session, arrived.piece, arrived.mature
            FROM arrived
        ) AS entered
            ON touch.owner_id = entered.owner_id
            AND touch.session = entered.session
            AND touch.piece = entered.piece
        UNION ALL
        SELECT
            arrived.owner_id,
            arrived.session,
            arrived.piece,
            arrived.mature,
            arrived.occurred_at,
            arrived.seq,
            false AS is_target,
            arrived.entered_at,
            arrived.occurred_at AS held_since,
            1 AS rank
        FROM arrived
    ) AS candidate
) AS run
WHERE run.is_target AND run.held_entry > $never AND run.occurred_at <= run.held_entry + $window
