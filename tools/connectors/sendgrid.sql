-- event.events: one row is one thing that happened to one email.
WITH told AS (
    SELECT
        line, email, lower(event) AS event, as_time(timestamp) AS occurred_at, sg_event_id, sg_message_id, campaign_id,
        url, reason, type, subject, leftover, is_yes(sg_machine_open) AS by_machine, as_time(_fivetran_synced) AS version,
        coalesce(
            blank(campaign_name),
            CASE
                WHEN category[1] = '[' THEN array_to_string(TRY(from_json(category, '["VARCHAR"]')), ', ')
                ELSE blank(trim(category, '[]"'))
            END
        ) AS campaign_name
    FROM raw
)
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    occurred_at,
    concat_ws(
        ': ',
        CASE
            WHEN event IN ('open', 'opened') AND by_machine THEN 'Email opened by a machine'
            WHEN event IN ('open', 'opened') THEN 'Email opened'
            WHEN event IN ('click', 'clicked') THEN 'Email clicked'
            WHEN event = 'processed' THEN 'Email sent'
            WHEN event IN ('bounce', 'bounced') AND type = 'blocked' THEN 'Email blocked'
            WHEN event IN ('bounce', 'bounced') THEN 'Email bounced'
            WHEN event IN ('spamreport', 'spam_report') THEN 'Email marked as spam'
            WHEN event IN ('unsubscribe', 'unsubscribed') THEN 'Email unsubscribed'
            WHEN event = 'group_unsubscribe' THEN 'Email unsubscribed from a group'
            WHEN event = 'group_resubscribe' THEN 'Email subscribed to a group'
            ELSE 'Email ' || replace(event, '_', ' ')
        END,
        named_or('singlesend', campaign_id, campaign_name)
    ) AS touchpoint,
    'Email' AS touchpoint_group,
    CASE
        WHEN event IN ('processed', 'delivered', 'deferred', 'dropped', 'bounce', 'bounced', 'blocked') OR by_machine
            THEN 'exposure'
        ELSE 'action'
    END AS kind,
    'Email' AS channel,
    named_or('singlesend', campaign_id, campaign_name) AS campaign,
    coalesce(
        'event:' || sg_event_id, concat_ws(':', event, sg_message_id, email, epoch_ms(occurred_at), url)
    ) AS content,
    version,
    properties_of(
        {'url': blank(url), 'reason': blank(reason), 'type': blank(type), 'subject': blank(subject)}, leftover
    ) AS properties
FROM told;

-- event.links: one row is one user's number that the sender put into the email.
SELECT line, 'email' AS identifier_kind, email AS identifier, 'user' AS other_kind, user_id AS other FROM raw;

-- message.events: one row is one message's last state, or each thing that happened to it.
WITH message AS (
    SELECT line, msg_id, to_email, status, subject, events, leftover, as_time(last_event_time) AS last_at FROM raw
),
step AS (
    SELECT
        line, msg_id, to_email, subject, leftover, lower(step ->> 'event_name') AS event,
        as_time(step ->> 'processed') AS occurred_at, step ->> 'url' AS url, step ->> 'reason' AS reason
    FROM message, unnest(TRY(from_json(events, '["JSON"]'))) AS done (step)
    WHERE as_time(step ->> 'processed') IS NOT NULL
    UNION ALL
    SELECT line, msg_id, to_email, subject, leftover, lower(status), last_at, NULL, NULL
    FROM message
    WHERE events IS NULL
)
SELECT
    line,
    'email' AS identifier_kind,
    to_email AS identifier,
    occurred_at,
    CASE event
        WHEN 'processed' THEN 'Email sent'
        WHEN 'not_delivered' THEN 'Email not delivered'
        WHEN 'spam_report' THEN 'Email marked as spam'
        WHEN 'unsubscribe' THEN 'Email unsubscribed'
        ELSE 'Email ' || replace(event, '_', ' ')
    END AS touchpoint,
    'Email' AS touchpoint_group,
    CASE WHEN event IN ('opened', 'clicked', 'spam_report') OR event LIKE '%subscribe' THEN 'action' ELSE 'exposure' END
        AS kind,
    'Email' AS channel,
    concat_ws(':', 'message', msg_id, event, epoch_ms(occurred_at), url) AS content,
    properties_of({'subject': subject, 'url': url, 'reason': blank(reason)}, leftover) AS properties
FROM step;

-- message.links: one row is one message to one mailbox.
SELECT
    line, 'sendgrid_message' AS identifier_kind, msg_id AS identifier, 'email' AS other_kind, to_email AS other,
    'part' AS tie
FROM raw;

-- suppression.events: one row is one mailbox that does not take email.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    as_time(created) AS occurred_at,
    'Email bounced' AS touchpoint,
    'Email' AS touchpoint_group,
    'exposure' AS kind,
    'Email' AS channel,
    concat_ws(':', 'suppressed', email, created) AS content,
    properties_of({'status': blank(status), 'reason': blank(reason)}, leftover) AS properties
FROM raw;

-- unsubscribe.events: one row is one mailbox whose owner wants no more email.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    as_time(created) AS occurred_at,
    'Email unsubscribed' AS touchpoint,
    'Email' AS touchpoint_group,
    'Email' AS channel,
    concat_ws(':', 'unsubscribed', email, created) AS content,
    leftover AS properties
FROM raw;

-- contact.links: one row is one identifier of a contact.
SELECT line, 'sendgrid_contact' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other FROM raw
UNION ALL
SELECT line, 'sendgrid_contact', id, 'phone', phone_number FROM raw
UNION ALL
SELECT line, 'sendgrid_contact', id, 'user', external_id FROM raw
UNION ALL
SELECT line, 'sendgrid_contact', id, 'sendgrid_anonymous', anonymous_id FROM raw;

-- contact.traits: one row is one contact.
SELECT
    line,
    'sendgrid_contact' AS identifier_kind,
    id AS identifier,
    as_time(coalesce(updated_at, created_at)) AS set_at,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank(phone_number) AS phone,
    blank(city) AS city,
    blank(country) AS country
FROM raw;

-- single_send.names: one row is one single send.
SELECT line, 'singlesend' AS entity, id AS key, name AS label, as_time(updated_at) AS version FROM raw;
