-- order.events: one row is one order placed, or cancelled.
SELECT
    line,
    CASE
        WHEN blank(customer_id) IS NOT NULL THEN 'shopify_customer'
        WHEN blank(email) IS NOT NULL THEN 'email'
        WHEN blank(phone) IS NOT NULL THEN 'phone'
        ELSE 'shopify_order'
    END AS identifier_kind,
    coalesce(shopify_id(customer_id), blank(email), blank(phone), shopify_id(id)) AS identifier,
    as_time(coalesce(processed_at, created_at)) AS occurred_at,
    'Order placed' AS touchpoint,
    'Revenue' AS touchpoint_group,
    as_number(total_price) AS value,
    upper(currency) AS currency,
    origin_of(NULL, NULL, NULL, referring_site, landing_site_base_url) AS origin,
    'order:' || shopify_id(id) AS content,
    as_time(coalesce(updated_at, _fivetran_synced)) AS version,
    is_yes(_fivetran_deleted) AS deleted,
    CASE WHEN is_yes(test) THEN 'test' END AS field,
    CASE WHEN is_yes(test) THEN 'a test order' END AS reason,
    to_json({'status': lower(financial_status), 'from': source_name, 'items': list_sort(list_distinct(json_extract_string(line_items, '$[*].title')))}) AS properties
FROM raw
UNION ALL BY NAME
SELECT
    line,
    'shopify_order' AS identifier_kind,
    shopify_id(id) AS identifier,
    as_time(cancelled_at) AS occurred_at,
    'Order cancelled' AS touchpoint,
    'Revenue' AS touchpoint_group,
    'order cancelled:' || shopify_id(id) AS content,
    1 AS after
FROM raw
WHERE as_time(cancelled_at) IS NOT NULL AND NOT is_yes(test)
UNION ALL BY NAME
SELECT
    raw.line,
    'shopify_order' AS identifier_kind,
    shopify_id(raw.id) AS identifier,
    as_time(coalesce(one.value ->> '$.processed_at', one.value ->> '$.created_at')) AS occurred_at,
    'Refund' AS touchpoint,
    'Revenue' AS touchpoint_group,
    'exposure' AS kind,
    -list_sum(list_transform(
        list_filter(
            json_extract(one.value, '$.transactions[*]'),
            lambda paid: (paid ->> '$.kind') = 'refund' AND coalesce(paid ->> '$.status', 'success') = 'success'
        ),
        lambda paid: as_number(paid ->> '$.amount')
    )) AS value,
    upper(raw.currency) AS currency,
    'refund:' || shopify_id(one.value ->> '$.id') AS content,
    1 AS after
FROM raw, json_each(CASE WHEN json_valid(raw.refunds) AND raw.refunds[1] = '[' THEN raw.refunds END) AS one
WHERE as_time(coalesce(one.value ->> '$.processed_at', one.value ->> '$.created_at')) IS NOT NULL AND NOT is_yes(raw.test);

-- order.links: one row is one order and whose it is, or two identifiers of its buyer.
SELECT
    line, 'shopify_order' AS identifier_kind, shopify_id(id) AS identifier,
    CASE
        WHEN blank(customer_id) IS NOT NULL THEN 'shopify_customer'
        WHEN blank(email) IS NOT NULL THEN 'email'
        ELSE 'phone'
    END AS other_kind,
    coalesce(shopify_id(customer_id), blank(email), blank(phone)) AS other,
    'part' AS tie
FROM raw
UNION ALL
SELECT line, 'shopify_customer', shopify_id(customer_id), 'email', email, 'same'
FROM raw;

-- order_export.events: one row is one order, told once however many lines it has.
SELECT
    line,
    CASE WHEN blank(email) IS NOT NULL THEN 'email' ELSE 'phone' END AS identifier_kind,
    coalesce(blank(email), blank(phone)) AS identifier,
    as_time("created at") AS occurred_at,
    'Order placed' AS touchpoint,
    'Revenue' AS touchpoint_group,
    as_number(total) AS value,
    upper(currency) AS currency,
    'order:' || coalesce(blank(id), name) AS content,
    to_json({'status': "financial status", 'from': source}) AS properties
FROM raw
WHERE blank("financial status") IS NOT NULL OR blank(total) IS NOT NULL OR blank("created at") IS NULL;

-- order_export.details: one row is one line of an order.
SELECT line, 'order:' || coalesce(blank(id), name) AS content, to_json({'items': "lineitem name"})::VARCHAR AS properties
FROM raw
WHERE blank("lineitem name") IS NOT NULL;

-- order_export.traits: one row is one buyer.
SELECT
    line, 'email' AS identifier_kind, email AS identifier, as_time("created at") AS set_at,
    blank("billing name") AS name, blank("billing city") AS city, blank("billing country") AS country
FROM raw;

-- abandoned_checkout.events: one row is one checkout that was begun.
SELECT
    line,
    CASE
        WHEN blank(customer_id) IS NOT NULL THEN 'shopify_customer'
        WHEN blank(email) IS NOT NULL THEN 'email'
        ELSE 'phone'
    END AS identifier_kind,
    coalesce(shopify_id(customer_id), blank(email), blank(phone)) AS identifier,
    as_time(created_at) AS occurred_at,
    'Checkout started' AS touchpoint,
    'Revenue' AS touchpoint_group,
    origin_of(NULL, NULL, NULL, referring_site, landing_site_base_url) AS origin,
    'checkout:' || shopify_id(id) AS content,
    as_time(coalesce(updated_at, _fivetran_synced)) AS version,
    is_yes(_fivetran_deleted) AS deleted,
    to_json({'total': total_price, 'currency': currency, 'completed': blank(completed_at) IS NOT NULL}) AS properties
FROM raw;

-- abandoned_checkout.links: one row is two identifiers of one buyer.
SELECT line, 'shopify_customer' AS identifier_kind, shopify_id(customer_id) AS identifier, 'email' AS other_kind, email AS other
FROM raw;

-- customer.traits: one row is one customer.
SELECT
    line,
    'shopify_customer' AS identifier_kind,
    shopify_id(id) AS identifier,
    as_time(coalesce(updated_at, _fivetran_synced, created_at)) AS set_at,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank("default_address.country") AS country,
    blank("default_address.city") AS city,
    blank("default_address.company") AS company,
    blank(phone) AS phone,
    lower(blank(accepts_marketing)) AS accepts_marketing
FROM raw;

-- customer.links: one row is one mailbox or phone of a customer.
SELECT line, 'shopify_customer' AS identifier_kind, shopify_id(id) AS identifier, 'email' AS other_kind, email AS other
FROM raw
UNION ALL
SELECT line, 'shopify_customer', shopify_id(id), 'phone', phone
FROM raw;

-- customer_export.traits: one row is one customer.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    NULL::TIMESTAMP AS set_at,
    blank("first name") AS first_name,
    blank("last name") AS last_name,
    blank("default address country code") AS country,
    blank("default address city") AS city
FROM raw;

-- customer_export.links: one row is one mailbox of a customer.
SELECT line, 'email' AS identifier_kind, email AS identifier, 'shopify_customer' AS other_kind, trim("customer id", '''') AS other
FROM raw
UNION ALL
SELECT line, 'email', email, 'phone', trim(phone, '''')
FROM raw;

-- customer_visit.events: one row is one visit before an order.
SELECT
    line,
    'shopify_order' AS identifier_kind,
    shopify_id(order_id) AS identifier,
    as_time(occurred_at) AS occurred_at,
    coalesce(page_of(landing_page), 'Visit') AS touchpoint,
    'Web' AS touchpoint_group,
    origin_of(utm_parameters_source, utm_parameters_medium, utm_parameters_campaign, referrer_url, landing_page) AS origin,
    blank(utm_parameters_campaign) AS campaign,
    'visit:' || shopify_id(id) AS content,
    as_time(_fivetran_synced) AS version,
    to_json({'source': source, 'visit': type}) AS properties
FROM raw;

-- customer_address.traits: one row is one address of a customer.
SELECT
    line, 'shopify_customer' AS identifier_kind, shopify_id(customer_id) AS identifier,
    as_time(_fivetran_synced) AS set_at, blank(country) AS country, blank(city) AS city, blank(company) AS company,
    blank(first_name) AS first_name, blank(last_name) AS last_name
FROM raw;

-- customer_tag.traits: one row is one tag of a customer.
SELECT
    line, 'shopify_customer' AS identifier_kind, shopify_id(customer_id) AS identifier,
    as_time(_fivetran_synced) AS set_at, 'tag ' || value AS name, 'yes' AS value
FROM raw;

-- order_line.details: one row is one thing that was bought.
SELECT line, 'order:' || shopify_id(order_id) AS content, to_json({'items': title})::VARCHAR AS properties
FROM raw;

-- order_url_tag.details: one row is one parameter of the address that an order came from.
SELECT line, 'order:' || shopify_id(order_id) AS content, json_object(coalesce(blank(key), 'field'), value)::VARCHAR AS properties
FROM raw;

-- order_tag.details: one row is one tag of an order.
SELECT line, 'order:' || shopify_id(order_id) AS content, to_json({'tag': value})::VARCHAR AS properties
FROM raw;

-- order_note_attribute.details: one row is one field that the shop added to an order.
SELECT line, 'order:' || shopify_id(order_id) AS content, json_object(coalesce(blank(name), 'field'), value)::VARCHAR AS properties
FROM raw;

-- order_custom_attribute.details: one row is one field that the shop added to an order.
SELECT line, 'order:' || shopify_id(order_id) AS content, json_object(coalesce(blank(key), 'field'), value)::VARCHAR AS properties
FROM raw;

-- order_discount_code.details: one row is one code that an order used.
SELECT line, 'order:' || shopify_id(order_id) AS content, to_json({'discount code': code})::VARCHAR AS properties
FROM raw;

-- refund.events: one row is one refund.
SELECT
    line,
    'shopify_order' AS identifier_kind,
    shopify_id(order_id) AS identifier,
    as_time(coalesce(processed_at, created_at)) AS occurred_at,
    'Refund' AS touchpoint,
    'Revenue' AS touchpoint_group,
    'exposure' AS kind,
    -as_number(total_refunded_set_shop_amount) AS value,
    upper(total_refunded_set_shop_currency_code) AS currency,
    'refund:' || shopify_id(id) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- transaction.events: one row is one payment of an order, or an attempt at one; what was paid the order says.
SELECT
    line,
    'shopify_order' AS identifier_kind,
    shopify_id(order_id) AS identifier,
    as_time(coalesce(processed_at, created_at)) AS occurred_at,
    CASE
        WHEN lower(status) IN ('failure', 'error') THEN 'Payment failed'
        WHEN lower(kind) = 'refund' THEN 'Money returned'
        ELSE 'Payment ' || lower(kind)
    END AS touchpoint,
    'Revenue' AS touchpoint_group,
    'exposure' AS kind,
    'transaction:' || shopify_id(id) AS content,
    as_time(_fivetran_synced) AS version,
    CASE WHEN is_yes(test) THEN 'test' END AS field,
    CASE WHEN is_yes(test) THEN 'a test payment' END AS reason,
    to_json({'amount': amount, 'currency': currency, 'status': lower(status), 'by': gateway}) AS properties
FROM raw;

-- fulfillment.events: one row is one parcel sent.
SELECT
    line,
    'shopify_order' AS identifier_kind,
    shopify_id(order_id) AS identifier,
    as_time(created_at) AS occurred_at,
    'Order shipped' AS touchpoint,
    'Revenue' AS touchpoint_group,
    'exposure' AS kind,
    'fulfillment:' || shopify_id(id) AS content,
    as_time(coalesce(updated_at, _fivetran_synced)) AS version,
    to_json({'status': lower(coalesce(shipment_status, status))}) AS properties
FROM raw;

-- fulfillment.links: one row is one parcel and its order.
SELECT
    line, 'shopify_fulfillment_order' AS identifier_kind, shopify_id(id) AS identifier, 'shopify_order' AS other_kind,
    shopify_id(order_id) AS other, 'part' AS tie
FROM raw;

-- fulfillment_event.events: one row is one step of a parcel.
SELECT
    line,
    CASE WHEN blank(order_id) IS NOT NULL THEN 'shopify_order' ELSE 'shopify_fulfillment_order' END AS identifier_kind,
    shopify_id(coalesce(blank(order_id), fulfillment_id)) AS identifier,
    as_time(happened_at) AS occurred_at,
    'Parcel ' || lower(replace(status, '_', ' ')) AS touchpoint,
    'Revenue' AS touchpoint_group,
    'exposure' AS kind,
    'parcel:' || shopify_id(id) AS content,
    as_time(_fivetran_synced) AS version,
    is_yes(_fivetran_deleted) AS deleted
FROM raw;

-- collection.names: one row is one collection.
SELECT line, 'collection' AS entity, shopify_id(id) AS key, title AS label, as_time(updated_at) AS version
FROM raw;

-- product.names: one row is one product.
SELECT line, 'product' AS entity, shopify_id(id) AS key, title AS label, as_time(updated_at) AS version
FROM raw;

-- product_variant.names: one row is one variant of a product.
SELECT line, 'variant' AS entity, shopify_id(id) AS key, coalesce(blank(display_name), title) AS label, as_time(updated_at) AS version
FROM raw;

-- location.names: one row is one place of the shop.
SELECT line, 'location' AS entity, shopify_id(id) AS key, name AS label, as_time(updated_at) AS version
FROM raw;
