-- One row is one action that may be a step of the funnel, where nothing cuts a history into pieces.
SELECT
    action.owner_id,
    action.session,
    action.occurred_at,
    action.seq,
    action.touchpoint_id,
    meaning.is_first
        AND action.occurred_at >= $entered_since
        AND action.occurred_at < $entered_before AS enters,
    0 AS piece
FROM action
JOIN meaning ON action.touchpoint_id = meaning.touchpoint_id
