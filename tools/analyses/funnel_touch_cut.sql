-- One row is one action that may be a step of the funnel, with the piece of its owner's history
-- that it stands in: an excluded touchpoint, and in strict order any other one, ends a piece.
SELECT
    cut.owner_id,
    cut.session,
    cut.occurred_at,
    cut.seq,
    cut.touchpoint_id,
    cut.enters,
    cut.piece,
    cut.others
FROM (
    SELECT
        told.*,
        sum(CASE WHEN told.is_step THEN 0 ELSE 1 END) OVER (
            PARTITION BY told.owner_id, told.session
            ORDER BY told.occurred_at, told.seq
            ROWS UNBOUNDED PRECEDING
        ) AS piece,
        sum(CASE WHEN told.enters THEN 0 ELSE 1 END) OVER (
            PARTITION BY told.owner_id, told.session
            ORDER BY told.occurred_at, told.seq
            ROWS UNBOUNDED PRECEDING
        ) AS others
    FROM (
        SELECT
            action.*,
            coalesce(meaning.is_step, false) AS is_step,
            coalesce(meaning.is_first, false)
                AND action.occurred_at >= $entered_since
                AND action.occurred_at < $entered_before AS enters
        FROM action
        LEFT JOIN meaning ON action.touchpoint_id = meaning.touchpoint_id
        WHERE $strict OR meaning.touchpoint_id IS NOT NULL
    ) AS told
) AS cut
WHERE cut.is_step
