-- event.events: one row is one action in the product.
SELECT
    line,
    'user' AS identifier_kind,
    user_id AS identifier,
    as_time(timestamp) AS occurred_at,
    titled(event) AS touchpoint,
    'Product' AS touchpoint_group,
    event_id AS content,
    properties
FROM raw;
