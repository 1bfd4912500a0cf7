-- event.events: one row is one event, of Iterable's own kinds or the company's.
WITH told AS (
    SELECT
        line, email, user_id, _fivetran_user_id, campaign_id, campaign_name, message_id, url, subject, total,
        event_id, leftover, additional_properties, _fivetran_synced,
        as_time(created_at) AS occurred_at,
        event_name AS name
    FROM raw
),
named_event AS (
    SELECT
        line, email, user_id, _fivetran_user_id, campaign_id, campaign_name, message_id, url, subject, total,
        event_id, leftover, additional_properties, _fivetran_synced, occurred_at, name,
        CASE regexp_extract(name, '^(email|sms|push|webPush|inApp|inbox|embedded|whatsApp)[A-Z]', 1)
            WHEN 'email' THEN 'Email'
            WHEN 'sms' THEN 'SMS'
            WHEN 'push' THEN 'Push'
            WHEN 'webPush' THEN 'Web push'
            WHEN 'inApp' THEN 'In-app message'
            WHEN 'inbox' THEN 'Inbox'
            WHEN 'embedded' THEN 'Embedded message'
            WHEN 'whatsApp' THEN 'WhatsApp'
            ELSE ''
        END AS medium,
        regexp_extract(name, '^(?:email|sms|push|webPush|inApp|inbox|embedded|whatsApp)([A-Z].*)$', 1) AS what
    FROM told
)
SELECT
    line,
    CASE
        WHEN blank(email) IS NOT NULL THEN 'email'
        WHEN blank(user_id) IS NOT NULL THEN 'user'
        ELSE 'iterable_user'
    END AS identifier_kind,
    coalesce(blank(email), blank(user_id), _fivetran_user_id) AS identifier,
    occurred_at,
    concat_ws(
        ': ',
        CASE
            WHEN medium = '' THEN upper(name[1]) || lower(replace(regexp_replace(substring(name, 2), '([a-z])([A-Z])', '\1 \2', 'g'), '_', ' '))
            WHEN what = 'Send' THEN medium || ' received'
            WHEN what = 'Open' THEN medium || ' opened'
            WHEN what = 'Click' THEN medium || ' clicked'
            WHEN what = 'Bounce' THEN medium || ' bounced'
            WHEN what = 'Complaint' THEN medium || ' marked as spam'
            WHEN what IN ('UnSubscribe', 'Unsubscribe') THEN medium || ' unsubscribed'
            WHEN what = 'Subscribe' THEN medium || ' subscribed'
            WHEN what = 'SendSkip' THEN medium || ' skipped'
            WHEN what = 'Received' THEN medium || ' sent by them'
            WHEN what = 'Delivery' THEN medium || ' delivered'
            ELSE medium || ' ' || lower(regexp_replace(what, '([a-z])([A-Z])', '\1 \2', 'g'))
        END,
        CASE WHEN medium <> '' THEN named_or('campaign', campaign_id, campaign_name) END
    ) AS touchpoint,
    CASE
        WHEN medium <> '' OR name = 'hostedUnsubscribeClick' THEN 'Email'
        WHEN name = 'purchase' THEN 'Revenue'
        ELSE 'Product'
    END AS touchpoint_group,
    CASE WHEN what IN ('Send', 'Bounce', 'SendSkip', 'Delivery') THEN 'exposure' ELSE 'action' END AS kind,
    CASE medium WHEN 'Email' THEN 'Email' WHEN 'SMS' THEN 'SMS' WHEN 'Push' THEN 'Mobile push notifications' END
        AS channel,
    named_or('campaign', campaign_id, campaign_name) AS campaign,
    CASE WHEN name = 'purchase' THEN as_number(total) END AS value,
    coalesce('event:' || event_id, concat_ws(':', name, message_id, coalesce(email, user_id), epoch_ms(occurred_at), url)) AS content,
    as_time(_fivetran_synced) AS version,
    properties_of({'url': url, 'subject': subject}, CASE WHEN json_valid(additional_properties) THEN json_merge_patch(
            json_merge_patch(coalesce(leftover, '{}'), additional_properties),
            '{"ip":null,"email":null,"phoneNumber":null,"firstName":null,"lastName":null}'
        )::VARCHAR ELSE leftover END) AS properties
FROM named_event;

-- event.links: one row is one identifier of a user.
SELECT line, 'email' AS identifier_kind, blank(email) AS identifier, 'user' AS other_kind, blank(user_id) AS other FROM raw
UNION ALL
SELECT line, 'email', blank(email), 'iterable_user', blank(_fivetran_user_id) FROM raw
UNION ALL
SELECT line, 'user', blank(user_id), 'iterable_user', blank(_fivetran_user_id) FROM raw;

-- export.events: one row is one event of the kind that the file's name tells.
WITH told AS (
    SELECT
        line, email, user_id, _fivetran_user_id, campaign_id, campaign_name, message_id, url, subject, total,
        event_id, leftover, 
        as_time(created_at) AS occurred_at,
        CASE
            WHEN $event_name <> 'message' THEN $event_name
            -- A file that says nothing of its kind: what its rows have tells it.
            WHEN url IS NOT NULL THEN 'emailClick'
            ELSE 'emailSend'
        END AS name
    FROM raw
),
named_event AS (
    SELECT
        line, email, user_id, _fivetran_user_id, campaign_id, campaign_name, message_id, url, subject, total,
        event_id, leftover,  occurred_at, name,
        CASE regexp_extract(name, '^(email|sms|push|webPush|inApp|inbox|embedded|whatsApp)[A-Z]', 1)
            WHEN 'email' THEN 'Email'
            WHEN 'sms' THEN 'SMS'
            WHEN 'push' THEN 'Push'
            WHEN 'webPush' THEN 'Web push'
            WHEN 'inApp' THEN 'In-app message'
            WHEN 'inbox' THEN 'Inbox'
            WHEN 'embedded' THEN 'Embedded message'
            WHEN 'whatsApp' THEN 'WhatsApp'
            ELSE ''
        END AS medium,
        regexp_extract(name, '^(?:email|sms|push|webPush|inApp|inbox|embedded|whatsApp)([A-Z].*)$', 1) AS what
    FROM told
)
SELECT
    line,
    CASE
        WHEN blank(email) IS NOT NULL THEN 'email'
        WHEN blank(user_id) IS NOT NULL THEN 'user'
        ELSE 'iterable_user'
    END AS identifier_kind,
    coalesce(blank(email), blank(user_id), _fivetran_user_id) AS identifier,
    occurred_at,
    concat_ws(
        ': ',
        CASE
            WHEN medium = '' THEN upper(name[1]) || lower(replace(regexp_replace(substring(name, 2), '([a-z])([A-Z])', '\1 \2', 'g'), '_', ' '))
            WHEN what = 'Send' THEN medium || ' received'
            WHEN what = 'Open' THEN medium || ' opened'
            WHEN what = 'Click' THEN medium || ' clicked'
            WHEN what = 'Bounce' THEN medium || ' bounced'
            WHEN what = 'Complaint' THEN medium || ' marked as spam'
            WHEN what IN ('UnSubscribe', 'Unsubscribe') THEN medium || ' unsubscribed'
            WHEN what = 'Subscribe' THEN medium || ' subscribed'
            WHEN what = 'SendSkip' THEN medium || ' skipped'
            WHEN what = 'Received' THEN medium || ' sent by them'
            WHEN what = 'Delivery' THEN medium || ' delivered'
            ELSE medium || ' ' || lower(regexp_replace(what, '([a-z])([A-Z])', '\1 \2', 'g'))
        END,
        CASE WHEN medium <> '' THEN named_or('campaign', campaign_id, campaign_name) END
    ) AS touchpoint,
    CASE
        WHEN medium <> '' OR name = 'hostedUnsubscribeClick' THEN 'Email'
        WHEN name = 'purchase' THEN 'Revenue'
        ELSE 'Product'
    END AS touchpoint_group,
    CASE WHEN what IN ('Send', 'Bounce', 'SendSkip', 'Delivery') THEN 'exposure' ELSE 'action' END AS kind,
    CASE medium WHEN 'Email' THEN 'Email' WHEN 'SMS' THEN 'SMS' WHEN 'Push' THEN 'Mobile push notifications' END
        AS channel,
    named_or('campaign', campaign_id, campaign_name) AS campaign,
    CASE WHEN name = 'purchase' THEN as_number(total) END AS value,
    concat_ws(':', name, message_id, coalesce(email, user_id), epoch_ms(occurred_at), url) AS content,
    
    properties_of({'url': url, 'subject': subject}, leftover) AS properties
FROM named_event;

-- export.links: one row is one identifier of a user.
SELECT line, 'email' AS identifier_kind, blank(email) AS identifier, 'user' AS other_kind, blank(user_id) AS other FROM raw
UNION ALL
SELECT line, 'email', blank(email), 'iterable_user', blank(_fivetran_user_id) FROM raw
UNION ALL
SELECT line, 'user', blank(user_id), 'iterable_user', blank(_fivetran_user_id) FROM raw;

-- purchase.events: one row is one purchase.
SELECT
    line,
    CASE WHEN blank(email) IS NULL THEN 'user' ELSE 'email' END AS identifier_kind,
    coalesce(blank(email), user_id) AS identifier,
    as_time(created_at) AS occurred_at,
    'Purchase' AS touchpoint,
    'Revenue' AS touchpoint_group,
    named_or('campaign', campaign_id, campaign_name) AS campaign,
    as_number(total) AS value,
    upper(blank(currency)) AS currency,
    coalesce('purchase:' || id, concat_ws(':', 'purchase', coalesce(email, user_id), created_at, total)) AS content,
    leftover AS properties
FROM raw;

-- purchase.links: one row is one identifier of a user.
SELECT line, 'email' AS identifier_kind, email AS identifier, 'user' AS other_kind, user_id AS other FROM raw;

-- event_extension.details: one row is what else is known of an event.
SELECT
    line,
    'event:' || _fivetran_id AS content,
    properties_of(
        {
            'workflow': workflow_name,
            'subject': email_subject,
            'url': clicked_url,
            'reason': reason,
            'message_status': message_status
        },
        NULL
    ) AS properties
FROM raw;

-- event_extension.links: one row is one event's user and the mailbox that its email went to.
SELECT
    line, 'iterable_user' AS identifier_kind, _fivetran_user_id AS identifier, 'email' AS other_kind,
    regexp_extract(email_id, '^c\d+:t\d+:(.+@.+)$', 1) AS other
FROM raw
WHERE regexp_matches(email_id, '^c\d+:t\d+:.+@');

-- user.links: one row is one identifier of a user.
SELECT line, 'email' AS identifier_kind, email AS identifier, 'user' AS other_kind, user_id AS other FROM raw
UNION ALL
SELECT line, 'email', email, 'iterable_user', iterable_user_id FROM raw
UNION ALL
SELECT line, 'email', email, 'phone', phone_number FROM raw;

-- user.traits: one row is one user in one of its states.
SELECT
    line,
    CASE WHEN blank(email) IS NULL THEN 'user' ELSE 'email' END AS identifier_kind,
    coalesce(blank(email), user_id) AS identifier,
    as_time(updated_at) AS set_at,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank(phone_number) AS phone,
    blank(city) AS city,
    blank(country) AS country,
    blank(plan) AS plan,
    blank(signup_source) AS signup_source
FROM raw;

-- list_user.traits: one row is one list that a user is on; each says all of them.
WITH member AS (
    SELECT line, list_id, regexp_replace(_fivetran_id, '-' || list_id || '$', '') AS who FROM raw
)
SELECT
    line,
    CASE WHEN contains(who, '@') THEN 'email' ELSE 'iterable_user' END AS identifier_kind,
    who AS identifier,
    NULL::TIMESTAMP AS set_at,
    string_agg(list_id, ', ' ORDER BY list_id) OVER (PARTITION BY who) AS list_ids
FROM member;

-- user_unsubscribed_channel_history.events: one row is one channel that a user has left; the first time counts.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    as_time(updated_at) AS occurred_at,
    'Unsubscribed: ' || named('channel', channel_id) AS touchpoint,
    'Email' AS touchpoint_group,
    'left channel:' || email || ':' || channel_id AS content,
    -- Each later state of the user repeats the channel: the earliest is to stand.
    TIMESTAMP '2200-01-01' - (as_time(updated_at) - TIMESTAMP '1970-01-01') AS version
FROM raw;

-- user_unsubscribed_message_type_history.events: one row is one kind of message that a user has left.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    as_time(updated_at) AS occurred_at,
    'Unsubscribed: ' || named('message_type', message_type_id) AS touchpoint,
    'Email' AS touchpoint_group,
    'left message type:' || email || ':' || message_type_id AS content,
    TIMESTAMP '2200-01-01' - (as_time(updated_at) - TIMESTAMP '1970-01-01') AS version
FROM raw;

-- user_unsubscribed_channel.traits: one row is one channel that a user has left; each says all of them.
SELECT
    line, 'iterable_user' AS identifier_kind, _fivetran_id AS identifier, NULL::TIMESTAMP AS set_at,
    string_agg(channel_id, ', ' ORDER BY channel_id) OVER (PARTITION BY _fivetran_id) AS left_channel_ids
FROM raw;

-- user_unsubscribed_message_type.traits: one row is one kind of message that a user has left.
SELECT
    line, 'iterable_user' AS identifier_kind, _fivetran_id AS identifier, NULL::TIMESTAMP AS set_at,
    string_agg(message_type_id, ', ' ORDER BY message_type_id) OVER (PARTITION BY _fivetran_id) AS left_message_type_ids
FROM raw;

-- campaign.names: one row is one campaign in one of its states.
SELECT
    line, 'campaign' AS entity, id AS key, name AS label,
    coalesce(as_time(updated_at), as_time(_fivetran_synced)) AS version
FROM raw;

-- template.names: one row is one template in one of its states.
SELECT
    line, 'template' AS entity, id AS key, name AS label,
    coalesce(as_time(updated_at), as_time(_fivetran_synced)) AS version
FROM raw;

-- channel.names: one row is one channel.
SELECT
    line, 'channel' AS entity, id AS key, name AS label,
    coalesce(as_time(updated_at), as_time(_fivetran_synced)) AS version
FROM raw;

-- message_type.names: one row is one message type.
SELECT
    line, 'message_type' AS entity, id AS key, name AS label,
    coalesce(as_time(updated_at), as_time(_fivetran_synced)) AS version
FROM raw;

-- list.names: one row is one list.
SELECT
    line, 'list' AS entity, id AS key, name AS label,
    coalesce(as_time(updated_at), as_time(_fivetran_synced)) AS version
FROM raw;
