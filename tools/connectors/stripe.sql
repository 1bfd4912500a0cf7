-- event.events: one row is one thing that Stripe tells of as it happens.
WITH told AS (
    SELECT
        *,
        coalesce(
            CASE WHEN "data.object.object" = 'customer' THEN "data.object.id" END, blank("data.object.customer")
        ) AS customer_id,
        coalesce(
            blank("data.object.customer_email"), blank("data.object.receipt_email"),
            blank("data.object.billing_details.email"), blank("data.object.email")
        ) AS address,
        coalesce("data.object.amount_paid", "data.object.amount_total", "data.object.amount") AS amount
    FROM raw
)
SELECT
    line,
    CASE WHEN customer_id IS NOT NULL THEN 'stripe_customer' ELSE 'email' END AS identifier_kind,
    coalesce(customer_id, address) AS identifier,
    as_time(created) AS occurred_at,
    CASE type
        WHEN 'customer.created' THEN 'Customer created'
        WHEN 'customer.subscription.created' THEN 'Subscription started'
        WHEN 'customer.subscription.updated' THEN 'Subscription changed'
        WHEN 'customer.subscription.deleted' THEN 'Subscription cancelled'
        WHEN 'checkout.session.completed' THEN 'Checkout completed'
        WHEN 'checkout.session.expired' THEN 'Checkout expired'
        WHEN 'charge.succeeded' THEN 'Payment succeeded'
        WHEN 'charge.failed' THEN 'Payment failed'
        WHEN 'charge.refunded' THEN 'Refund'
        WHEN 'charge.dispute.created' THEN 'Payment disputed'
        ELSE titled(replace(type, '.', ' '))
    END AS touchpoint,
    'Revenue' AS touchpoint_group,
    CASE
        WHEN type IN (
            'checkout.session.completed', 'customer.subscription.created', 'customer.subscription.deleted',
            'customer.subscription.updated', 'customer.created', 'charge.dispute.created'
        ) THEN 'action'
        ELSE 'exposure'
    END AS kind,
    CASE WHEN type IN ('charge.succeeded', 'checkout.session.completed') THEN units(amount, "data.object.currency") END AS value,
    upper("data.object.currency") AS currency,
    CASE type
        WHEN 'customer.subscription.created' THEN 'subscription:' || "data.object.id"
        WHEN 'customer.subscription.deleted' THEN 'cancelled:' || "data.object.id"
        WHEN 'charge.succeeded' THEN 'charge:' || "data.object.id"
        WHEN 'charge.failed' THEN 'charge:' || "data.object.id"
        WHEN 'checkout.session.completed' THEN 'checkout:' || "data.object.id"
        ELSE 'event:' || id
    END AS content,
    to_json({'type': type, 'plan': "data.object.plan.nickname"}) AS properties
FROM told;

-- event.links: one row is one customer's mailbox.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    CASE WHEN "data.object.object" = 'customer' THEN "data.object.id" ELSE "data.object.customer" END AS identifier,
    'email' AS other_kind,
    coalesce(
        blank("data.object.customer_email"), blank("data.object.receipt_email"),
        blank("data.object.billing_details.email"), blank("data.object.email")
    ) AS other
FROM raw;

-- checkout.events: one row is one checkout.
SELECT
    line,
    CASE WHEN blank(customer_id) IS NOT NULL THEN 'stripe_customer' ELSE 'email' END AS identifier_kind,
    coalesce(blank(customer_id), customer_email) AS identifier,
    as_time(created) AS occurred_at,
    CASE WHEN status = 'expired' THEN 'Checkout expired' WHEN status = 'open' THEN 'Checkout started' ELSE 'Checkout completed' END AS touchpoint,
    'Revenue' AS touchpoint_group,
    CASE WHEN payment_status = 'paid' THEN units(amount_total, currency) END AS value,
    upper(currency) AS currency,
    'checkout:' || id AS content,
    properties_of({'mode': mode}, leftover) AS properties
FROM raw;

-- checkout.links: one row is one identifier of the person at the checkout.
SELECT line, 'stripe_customer' AS identifier_kind, customer_id AS identifier, 'email' AS other_kind, customer_email AS other
FROM raw
UNION ALL
SELECT
    line,
    CASE WHEN blank(customer_id) IS NOT NULL THEN 'stripe_customer' ELSE 'email' END,
    coalesce(blank(customer_id), customer_email),
    'user',
    client_reference_id
FROM raw;

-- customer.traits: one row is one customer.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    id AS identifier,
    as_time(coalesce(_fivetran_synced, created)) AS set_at,
    blank(name) AS name,
    blank(address_country) AS country,
    blank(address_city) AS city,
    blank(phone) AS phone
FROM raw
WHERE NOT is_yes(is_deleted);

-- customer.links: one row is one customer's mailbox, phone or user id.
SELECT line, 'stripe_customer' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other
FROM raw
UNION ALL
SELECT line, 'stripe_customer', id, 'phone', phone
FROM raw
UNION ALL
SELECT
    line, 'stripe_customer', id, 'user',
    coalesce(
        blank("metadata.user_id"),
        CASE WHEN json_valid(metadata) THEN coalesce(
            json_extract_string(metadata, '$.user_id'), json_extract_string(metadata, '$.userId'), json_extract_string(metadata, '$.external_id')
        ) END
    )
FROM raw;

-- charge.events: one row is one payment; one that a subscription makes by itself is not the customer's doing.
SELECT
    line,
    CASE
        WHEN blank(customer_id) IS NOT NULL THEN 'stripe_customer'
        WHEN coalesce(blank(receipt_email), blank("billing_details.email")) IS NOT NULL THEN 'email'
        ELSE 'stripe_charge'
    END AS identifier_kind,
    coalesce(blank(customer_id), blank(receipt_email), blank("billing_details.email"), id) AS identifier,
    as_time(created) AS occurred_at,
    CASE
        WHEN status IN ('failed', 'Failed') OR (status IS NULL AND NOT is_yes(paid)) THEN 'Payment failed'
        WHEN status = 'pending' THEN 'Payment pending'
        ELSE 'Payment succeeded'
    END AS touchpoint,
    'Revenue' AS touchpoint_group,
    CASE WHEN coalesce(blank(invoice_id), blank(subscription)) IS NULL THEN 'action' ELSE 'exposure' END AS kind,
    CASE
        WHEN status IN ('failed', 'Failed', 'pending') OR (status IS NULL AND NOT is_yes(paid)) THEN NULL
        WHEN "amount refunded" IS NOT NULL AND amount_refunded IS NULL THEN as_number(amount)
        ELSE units(amount, currency)
    END AS value,
    upper(currency) AS currency,
    'charge:' || id AS content,
    as_time(_fivetran_synced) AS version,
    to_json({'description': description, 'failure': failure_code}) AS properties
FROM raw;

-- charge.links: one row is one payer's mailbox, or the payment and its payer.
SELECT
    line, 'stripe_customer' AS identifier_kind, customer_id AS identifier, 'email' AS other_kind,
    coalesce(blank(receipt_email), blank("billing_details.email")) AS other, 'same' AS tie
FROM raw
UNION ALL
SELECT
    line, 'stripe_charge', id,
    CASE WHEN blank(customer_id) IS NOT NULL THEN 'stripe_customer' ELSE 'email' END,
    coalesce(blank(customer_id), blank(receipt_email), blank("billing_details.email")), 'part'
FROM raw;

-- charge.traits: one row is one charge: it says whether the customer's last payment went through.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    customer_id AS identifier,
    as_time(created) AS set_at,
    CASE
        WHEN lower(status) IN ('succeeded', 'paid') OR (status IS NULL AND is_yes(paid)) THEN 'yes' ELSE 'no'
    END AS last_charge_paid
FROM raw;

-- subscription.events: one row is one subscription's start, or its end.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    customer_id AS identifier,
    as_time(coalesce(created, start_date)) AS occurred_at,
    'Subscription started' AS touchpoint,
    'Revenue' AS touchpoint_group,
    CASE
        WHEN plan_amount IS NOT NULL THEN units(plan_amount, currency) * coalesce(as_number(quantity), 1)
        WHEN amount IS NOT NULL THEN as_number(amount)
        ELSE units(json_extract_string("items.data", '$[0].price.unit_amount'), currency)
            * coalesce(as_number(json_extract_string("items.data", '$[0].quantity')), 1)
    END AS value,
    upper(currency) AS currency,
    'subscription:' || id AS content,
    as_time(_fivetran_synced) AS version,
    to_json({
        'plan': coalesce(
            plan_nickname, json_extract_string("items.data", '$[0].price.nickname'), plan_id,
            CASE WHEN NOT json_valid(plan) THEN plan END
        ),
        'interval': coalesce(plan_interval, "interval")
    }) AS properties
FROM raw
UNION ALL BY NAME
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    customer_id AS identifier,
    as_time(coalesce(ended_at, canceled_at)) AS occurred_at,
    'Subscription cancelled' AS touchpoint,
    'Revenue' AS touchpoint_group,
    'cancelled:' || id AS content,
    as_time(_fivetran_synced) AS version,
    1 AS after
FROM raw
WHERE as_time(coalesce(ended_at, canceled_at)) IS NOT NULL
    AND (status IS NULL OR lower(status) IN ('canceled', 'cancelled', 'ended', 'incomplete_expired', 'unpaid'));

-- subscription.links: one row is one subscription and whose it is.
SELECT
    line, 'stripe_subscription' AS identifier_kind, id AS identifier, 'stripe_customer' AS other_kind,
    customer_id AS other, 'part' AS tie
FROM raw
UNION ALL
SELECT line, 'stripe_customer', customer_id, 'email', "customer email", 'same'
FROM raw;

-- subscription.traits: one row is one subscription's plan.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    customer_id AS identifier,
    as_time(coalesce(created, start_date)) AS set_at,
    coalesce(
        blank(plan_nickname), json_extract_string("items.data", '$[0].price.nickname'),
        CASE WHEN NOT json_valid(plan) THEN plan END
    ) AS plan,
    status AS subscription_status
FROM raw;

-- refund.events: one row is one refund, of the person who had paid.
SELECT
    line,
    'stripe_charge' AS identifier_kind,
    charge_id AS identifier,
    as_time(created) AS occurred_at,
    'Refund' AS touchpoint,
    'Revenue' AS touchpoint_group,
    'exposure' AS kind,
    -units(amount, currency) AS value,
    upper(currency) AS currency,
    'refund:' || id AS content,
    as_time(_fivetran_synced) AS version,
    to_json({'reason': reason, 'status': status}) AS properties
FROM raw;

-- dispute.events: one row is one payment that its payer disputes.
SELECT
    line,
    'stripe_charge' AS identifier_kind,
    charge_id AS identifier,
    as_time(created) AS occurred_at,
    'Payment disputed' AS touchpoint,
    'Revenue' AS touchpoint_group,
    'dispute:' || id AS content,
    as_time(_fivetran_synced) AS version,
    to_json({'reason': reason, 'status': status}) AS properties
FROM raw;

-- invoice.events: one row is one invoice that was sent.
SELECT
    line,
    'stripe_customer' AS identifier_kind,
    customer_id AS identifier,
    as_time(coalesce(created, period_start)) AS occurred_at,
    CASE WHEN is_yes(paid) OR status = 'paid' THEN 'Invoice paid' ELSE 'Invoice sent' END AS touchpoint,
    'Revenue' AS touchpoint_group,
    'exposure' AS kind,
    upper(currency) AS currency,
    'invoice:' || id AS content,
    as_time(_fivetran_synced) AS version,
    to_json({'status': status, 'reason': billing_reason}) AS properties
FROM raw;

-- invoice.links: one row is one customer's mailbox.
SELECT line, 'stripe_customer' AS identifier_kind, customer_id AS identifier, 'email' AS other_kind, customer_email AS other
FROM raw;

-- payment_intent.links: one row is one payer's mailbox; the payment itself is a charge.
SELECT line, 'stripe_customer' AS identifier_kind, customer_id AS identifier, 'email' AS other_kind, receipt_email AS other, 'same' AS tie
FROM raw
UNION ALL
SELECT line, 'stripe_payment', id, 'stripe_customer', customer_id, 'part'
FROM raw;

-- payment_method.links: one row is one way to pay and whose it is.
SELECT line, 'stripe_customer' AS identifier_kind, customer_id AS identifier, 'email' AS other_kind, billing_detail_email AS other, 'same' AS tie
FROM raw
UNION ALL
SELECT line, 'stripe_payment_token', id, 'stripe_customer', customer_id, 'part'
FROM raw;

-- subscription_item.details: one row is what a subscription is of.
SELECT
    line,
    'subscription:' || subscription_id AS content,
    to_json({'plan': plan_id, 'quantity': quantity})::VARCHAR AS properties
FROM raw;

-- plan.names: one row is one plan.
SELECT line, 'plan' AS entity, id AS key, coalesce(blank(nickname), named('product', product_id)) AS label, as_time(_fivetran_synced) AS version
FROM raw;

-- price.names: one row is one price.
SELECT line, 'price' AS entity, id AS key, coalesce(blank(nickname), named('product', product_id)) AS label, as_time(_fivetran_synced) AS version
FROM raw;

-- product.names: one row is one product.
SELECT line, 'product' AS entity, id AS key, name AS label, as_time(updated) AS version
FROM raw;

-- coupon.names: one row is one coupon.
SELECT line, 'coupon' AS entity, id AS key, coalesce(blank(name), id) AS label, as_time(created) AS version
FROM raw;
