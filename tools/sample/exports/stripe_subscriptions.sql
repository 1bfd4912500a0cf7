-- One row is one subscription.
SELECT id, customer, CASE WHEN canceled_at IS NULL THEN 'active' ELSE 'canceled' END AS status,
    created, created AS start_date,
    created + (coalesce(canceled_at, now - 1) - created) // seconds * seconds AS current_period_start,
    created + (1 + (coalesce(canceled_at, now - 1) - created) // seconds) * seconds
        AS current_period_end,
    canceled_at, lower(nickname) || '_' || span || 'ly' AS plan_id, nickname AS plan_nickname,
    amount AS plan_amount, span AS plan_interval, quantity, 'usd' AS currency
FROM paid
ORDER BY number
