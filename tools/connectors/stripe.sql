-- subscription.events: one row is one subscription, at its start.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    customer AS identifier,
    as_time(created) AS occurred_at,
    'Subscription started' AS touchpoint,
    'Revenue' AS touchpoint_group,
    as_number(plan_amount) * coalesce(as_number(quantity), 1) / 100 AS value,
    upper(currency) AS currency,
    id AS content,
    to_json({'plan': plan_nickname, 'interval': plan_interval}) AS properties
FROM raw;

-- subscription.traits: one row is one subscription's plan.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    customer AS identifier,
    as_time(created) AS set_at,
    blank(plan_nickname) AS plan
FROM raw;

-- customer.links: one row is one customer's mailbox or user id.
SELECT line, 'stripe_customer' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other
FROM raw
UNION ALL
SELECT line, 'stripe_customer', id, 'user', json_extract_string(metadata, '$.user_id')
FROM raw
WHERE json_extract_string(metadata, '$.user_id') IS NOT NULL;

-- charge.traits: one row is one charge: it says that the customer has paid, and no more.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    customer AS identifier,
    as_time(created) AS set_at,
    CASE WHEN lower(paid) = 'true' THEN 'yes' ELSE 'no' END AS last_charge_paid
FROM raw;
