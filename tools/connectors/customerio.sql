-- webhook.events: one row is one thing that happened to a message, or to a person's subscription.
WITH told AS (
    SELECT
        line, event_id, lower(metric) AS metric, lower(object_type) AS type, as_time(timestamp) AS occurred_at, leftover,
        "data.delivery_id" AS delivery_id, "data.subject" AS subject, "data.href" AS url,
        "data.failure_message" AS failure,
        coalesce(blank("data.identifiers.id"), blank("data.customer_id")) AS user_id,
        blank("data.identifiers.cio_id") AS cio_id,
        coalesce(blank("data.identifiers.email"), CASE WHEN contains("data.recipient", '@') THEN "data.recipient" END)
            AS email,
        coalesce(
            named('campaign', "data.campaign_id"), named('broadcast', "data.broadcast_id"),
            named('newsletter', "data.newsletter_id"), named('transactional_message', "data.transactional_message_id")
        ) AS campaign
    FROM raw
)
SELECT
    line,
    CASE
        WHEN cio_id IS NOT NULL THEN 'customerio_person' WHEN user_id IS NOT NULL THEN 'user' ELSE 'email'
    END AS identifier_kind,
    coalesce(cio_id, user_id, email) AS identifier,
    occurred_at,
    concat_ws(': ', CASE type
        WHEN 'email' THEN 'Email'
        WHEN 'push' THEN 'Push'
        WHEN 'sms' THEN 'SMS'
        WHEN 'twilio' THEN 'SMS'
        WHEN 'in_app' THEN 'In-app message'
        WHEN 'slack' THEN 'Slack message'
        WHEN 'webhook' THEN 'Webhook'
        WHEN 'customer' THEN 'Email'
        ELSE coalesce(upper(type[1]) || replace(substring(type, 2), '_', ' '), 'Message')
    END || ' ' || CASE metric
        WHEN 'human_opened' THEN 'opened by them'
        WHEN 'human_clicked' THEN 'clicked by them'
        WHEN 'spammed' THEN 'marked as spam'
        ELSE replace(metric, '_', ' ')
    END, campaign) AS touchpoint,
    'Email' AS touchpoint_group,
    CASE
        WHEN metric IN (
            'drafted', 'created', 'attempted', 'sent', 'delivered', 'bounced', 'dropped', 'failed', 'deferred',
            'undeliverable', 'suppressed'
        ) THEN 'exposure'
        ELSE 'action'
    END AS kind,
    CASE type WHEN 'email' THEN 'Email' WHEN 'sms' THEN 'SMS' WHEN 'twilio' THEN 'SMS' WHEN 'push' THEN 'Mobile push notifications' END AS channel,
    campaign,
    coalesce(
        blank(delivery_id) || ':' || metric || ':' || epoch(occurred_at)::BIGINT,
        'event:' || event_id
    ) AS content,
    properties_of({'subject': subject, 'url': url, 'failure': failure}, leftover) AS properties
FROM told;

-- webhook.links: one row is one identifier of a person.
WITH told AS (
    SELECT
        line, blank("data.identifiers.cio_id") AS cio_id,
        coalesce(blank("data.identifiers.id"), blank("data.customer_id")) AS user_id,
        coalesce(blank("data.identifiers.email"), CASE WHEN contains("data.recipient", '@') THEN "data.recipient" END)
            AS email
    FROM raw
)
SELECT line, 'customerio_person' AS identifier_kind, cio_id AS identifier, 'user' AS other_kind, user_id AS other
FROM told
UNION ALL
SELECT line, 'customerio_person', cio_id, 'email', email FROM told
UNION ALL
SELECT line, 'user', user_id, 'email', email FROM told;

-- message.events: one row is one thing that happened to a message.
WITH message AS (
    SELECT
        line, id, lower(type) AS type, subject, leftover, failure_message,
        coalesce(blank("customer_identifiers.id"), blank(customer_id)) AS user_id,
        blank("customer_identifiers.cio_id") AS cio_id,
        coalesce(blank("customer_identifiers.email"), CASE WHEN contains(recipient, '@') THEN recipient END) AS email,
        coalesce(
            named('campaign', campaign_id), named('broadcast', broadcast_id), named('newsletter', newsletter_id),
            named('transactional_message', transactional_message_id)
        ) AS campaign,
        [
            {'metric': 'sent', 'told': "metrics.sent"},
            {'metric': 'delivered', 'told': "metrics.delivered"},
            {'metric': 'opened', 'told': "metrics.opened"},
            {'metric': 'human_opened', 'told': "metrics.human_opened"},
            {'metric': 'clicked', 'told': "metrics.clicked"},
            {'metric': 'human_clicked', 'told': "metrics.human_clicked"},
            {'metric': 'converted', 'told': "metrics.converted"},
            {'metric': 'unsubscribed', 'told': "metrics.unsubscribed"},
            {'metric': 'bounced', 'told': "metrics.bounced"},
            {'metric': 'spammed', 'told': "metrics.spammed"},
            {'metric': 'dropped', 'told': "metrics.dropped"},
            {'metric': 'failed', 'told': "metrics.failed"},
            {'metric': 'deferred', 'told': "metrics.deferred"},
            {'metric': 'undeliverable', 'told': "metrics.undeliverable"},
            {'metric': 'suppressed', 'told': "metrics.suppressed"}
        ] AS steps
    FROM raw
)
SELECT
    line,
    CASE
        WHEN cio_id IS NOT NULL THEN 'customerio_person' WHEN user_id IS NOT NULL THEN 'user' ELSE 'email'
    END AS identifier_kind,
    coalesce(cio_id, user_id, email) AS identifier,
    as_time(step.told) AS occurred_at,
    concat_ws(': ', CASE type
        WHEN 'email' THEN 'Email'
        WHEN 'push' THEN 'Push'
        WHEN 'sms' THEN 'SMS'
        WHEN 'twilio' THEN 'SMS'
        WHEN 'in_app' THEN 'In-app message'
        WHEN 'slack' THEN 'Slack message'
        WHEN 'webhook' THEN 'Webhook'
        WHEN 'customer' THEN 'Email'
        ELSE coalesce(upper(type[1]) || replace(substring(type, 2), '_', ' '), 'Message')
    END || ' ' || CASE step.metric
        WHEN 'human_opened' THEN 'opened by them'
        WHEN 'human_clicked' THEN 'clicked by them'
        WHEN 'spammed' THEN 'marked as spam'
        ELSE replace(step.metric, '_', ' ')
    END, campaign) AS touchpoint,
    'Email' AS touchpoint_group,
    CASE
        WHEN step.metric IN (
            'drafted', 'created', 'attempted', 'sent', 'delivered', 'bounced', 'dropped', 'failed', 'deferred',
            'undeliverable', 'suppressed'
        ) THEN 'exposure'
        ELSE 'action'
    END AS kind,
    CASE type WHEN 'email' THEN 'Email' WHEN 'sms' THEN 'SMS' WHEN 'twilio' THEN 'SMS' WHEN 'push' THEN 'Mobile push notifications' END AS channel,
    campaign,
    id || ':' || step.metric || ':' || epoch(as_time(step.told))::BIGINT AS content,
    properties_of({'subject': subject, 'failure': failure_message}, leftover) AS properties
FROM message, unnest(steps) AS taken (step)
WHERE as_time(step.told) IS NOT NULL;

-- message.links: one row is one identifier of a person.
WITH told AS (
    SELECT
        line, blank("customer_identifiers.cio_id") AS cio_id,
        coalesce(blank("customer_identifiers.id"), blank(customer_id)) AS user_id,
        coalesce(blank("customer_identifiers.email"), CASE WHEN contains(recipient, '@') THEN recipient END) AS email
    FROM raw
)
SELECT line, 'customerio_person' AS identifier_kind, cio_id AS identifier, 'user' AS other_kind, user_id AS other
FROM told
UNION ALL
SELECT line, 'customerio_person', cio_id, 'email', email FROM told
UNION ALL
SELECT line, 'user', user_id, 'email', email FROM told;

-- activity.events: one row is one page that a person saw or one thing that they did; messages tell their own.
SELECT
    line,
    CASE
        WHEN blank("customer_identifiers.cio_id") IS NOT NULL THEN 'customerio_person'
        WHEN blank(customer_id) IS NOT NULL THEN 'user'
        ELSE 'email'
    END AS identifier_kind,
    coalesce(blank("customer_identifiers.cio_id"), blank(customer_id), blank("customer_identifiers.email")) AS identifier,
    as_time(timestamp) AS occurred_at,
    CASE type
        WHEN 'page' THEN concat_ws(': ', 'Viewed page', page_of(coalesce(blank("data.url"), name)))
        WHEN 'screen' THEN concat_ws(': ', 'Viewed screen', blank(name))
        ELSE titled(coalesce(blank(name), type))
    END AS touchpoint,
    CASE type WHEN 'page' THEN 'Web' ELSE 'Product' END AS touchpoint_group,
    CASE type WHEN 'page' THEN origin_of(NULL, NULL, NULL, NULL, coalesce(blank("data.url"), name)) END AS origin,
    'activity:' || id AS content,
    properties_of({'page': page_of("data.url")}, leftover) AS properties
FROM raw
WHERE type IN ('page', 'screen', 'event');

-- activity.links: one row is one identifier of a person.
SELECT
    line, 'customerio_person' AS identifier_kind, "customer_identifiers.cio_id" AS identifier, 'user' AS other_kind,
    coalesce(blank("customer_identifiers.id"), blank(customer_id)) AS other
FROM raw
UNION ALL
SELECT line, 'customerio_person', "customer_identifiers.cio_id", 'email', "customer_identifiers.email" FROM raw
UNION ALL
SELECT line, 'user', coalesce(blank("customer_identifiers.id"), blank(customer_id)), 'email', "customer_identifiers.email"
FROM raw;

-- activity.traits: one row is one attribute of a person that changed.
WITH told AS (
    SELECT
        raw.line,
        coalesce(blank(raw."customer_identifiers.cio_id"), blank(raw.customer_id)) AS identifier,
        CASE WHEN blank(raw."customer_identifiers.cio_id") IS NOT NULL THEN 'customerio_person' ELSE 'user' END AS identifier_kind,
        as_time(raw.timestamp) AS set_at,
        regexp_extract(part.key, '^data\.(.+?)(\.to)?$', 1) AS name,
        part.key,
        part.value ->> '$' AS value
    FROM raw, json_each(raw.leftover) AS part
    WHERE raw.type = 'attribute_change'
)
SELECT
    line, identifier_kind, identifier, set_at, name,
    CASE WHEN ends_with(key, '.to') THEN value WHEN json_valid(value) THEN json_extract_string(value, '$.to') END AS value
FROM told
WHERE name <> '' AND NOT regexp_matches(name, '(?i)mail|phone|\.from$');

-- delivery.links: one row is one message that was made for one person.
SELECT
    line, 'customerio_delivery' AS identifier_kind, delivery_id AS identifier, 'customerio_person' AS other_kind,
    internal_customer_id AS other, 'part' AS tie
FROM raw;

-- delivery.names: one row is what a delivery is of.
SELECT
    line,
    'delivery' AS entity,
    delivery_id AS key,
    coalesce(
        named('campaign', campaign_id), named('newsletter', newsletter_id),
        named('transactional_message', transactional_message_id)
    ) AS label
FROM raw;

-- metric.events: one row is one thing that happened to a delivery; what it was of, the campaign tells.
SELECT
    line,
    'customerio_delivery' AS identifier_kind,
    delivery_id AS identifier,
    as_time(created_at) AS occurred_at,
    'Message ' || CASE lower(metric)
        WHEN 'human_opened' THEN 'opened by them'
        WHEN 'human_clicked' THEN 'clicked by them'
        WHEN 'spammed' THEN 'marked as spam'
        ELSE replace(lower(metric), '_', ' ')
    END AS touchpoint,
    'Email' AS touchpoint_group,
    CASE
        WHEN lower(metric) IN (
            'drafted', 'created', 'attempted', 'sent', 'delivered', 'bounced', 'dropped', 'failed', 'deferred',
            'undeliverable', 'suppressed'
        ) THEN 'exposure'
        ELSE 'action'
    END AS kind,
    named_or('delivery', delivery_id, '(not set)') AS campaign,
    'event:' || event_id AS content,
    properties_of({'url': link_url, 'reason': reason}, leftover) AS properties
FROM raw;

-- person.links: one row is one person's numbers and mailbox.
SELECT
    line, 'customerio_person' AS identifier_kind, internal_customer_id AS identifier, 'user' AS other_kind,
    customer_id AS other
FROM raw
UNION ALL
SELECT line, 'customerio_person', internal_customer_id, 'email', email_addr FROM raw;

-- attribute.traits: one row is one attribute of a person.
SELECT
    line,
    'customerio_person' AS identifier_kind,
    internal_customer_id AS identifier,
    as_time(timestamp) AS set_at,
    attribute_name AS name,
    attribute_value AS value
FROM raw;

-- person_export.links: one row is one person's numbers and mailbox.
SELECT line, 'customerio_person' AS identifier_kind, cio_id AS identifier, 'user' AS other_kind, id AS other FROM raw
UNION ALL
SELECT line, 'customerio_person', cio_id, 'email', email FROM raw
UNION ALL
SELECT line, 'customerio_person', cio_id, 'phone', phone FROM raw;

-- person_export.traits: one row is one person.
SELECT
    line,
    'customerio_person' AS identifier_kind,
    cio_id AS identifier,
    as_time(created_at) AS set_at,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank(phone) AS phone,
    blank(city) AS city,
    blank(country) AS country,
    blank(plan) AS plan,
    blank(company) AS company
FROM raw;

-- newsletter.names: one row is one newsletter.
SELECT line, 'newsletter' AS entity, id AS key, name AS label, as_time(updated) AS version FROM raw;

-- campaign.names: one row is one campaign or broadcast: their numbers are of one series.
SELECT line, 'campaign' AS entity, id AS key, name AS label, as_time(updated) AS version FROM raw
UNION ALL
SELECT line, 'broadcast', id, name, as_time(updated) FROM raw;
