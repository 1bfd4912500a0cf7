-- One row is one moment at which this step and all before it are done, whatever their order:
-- `entered_at` is when the earliest of them was last done.
SELECT
    done.owner_id,
    done.session,
    done.piece,
    done.mature,
    done.occurred_at,
    done.seq,
    least(done.held_entry, done.step_at) AS entered_at,
    epoch(done.occurred_at) - epoch(done.held_at) AS waited_seconds
FROM (
    SELECT
        candidate.*,
        max(candidate.entered_at) OVER (
            PARTITION BY candidate.owner_id, candidate.session, candidate.piece, candidate.mature
            ORDER BY candidate.occurred_at, candidate.seq, candidate.rank
            ROWS UNBOUNDED PRECEDING
        ) AS held_entry,
        max(CASE WHEN candidate.rank = 1 THEN candidate.occurred_at END) OVER (
            PARTITION BY candidate.owner_id, candidate.session, candidate.piece, candidate.mature
            ORDER BY candidate.occurred_at, candidate.seq, candidate.rank
            ROWS UNBOUNDED PRECEDING
        ) AS held_at,
        max(CASE WHEN candidate.rank = 0 THEN candidate.occurred_at END) OVER (
            PARTITION BY candidate.owner_id, candidate.session, candidate.piece, candidate.mature
            ORDER BY candidate.occurred_at, candidate.seq, candidate.rank
            ROWS UNBOUNDED PRECEDING
        ) AS step_at
    FROM (
        SELECT
            touch.owner_id,
            touch.session,
            touch.piece,
            entered.mature,
            touch.occurred_at,
            touch.seq,
            CAST(NULL AS TIMESTAMP) AS entered_at,
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
            arrived.entered_at,
            1 AS rank
        FROM arrived
    ) AS candidate
) AS done
WHERE done.occurred_at <= least(done.held_entry, done.step_at) + $window
    AND done.held_entry IS NOT NULL
    AND done.step_at IS NOT NULL
