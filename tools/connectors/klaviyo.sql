-- mail.events: one row is one email received (an exposure), opened, clicked or answered.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    as_time(datetime) AS occurred_at,
    CASE
        WHEN metric_name LIKE '% Email' THEN 'Email ' || lower(replace(metric_name, ' Email', ''))
        ELSE metric_name
    END AS touchpoint,
    'Email' AS touchpoint_group,
    CASE
        WHEN metric_name IN ('Received Email', 'Bounced Email', 'Dropped Email') THEN 'exposure'
        ELSE 'action'
    END AS kind,
    'Email' AS channel,
    coalesce(blank(campaign_name), blank(flow_name)) AS campaign,
    blank(id) AS content,
    properties_of({'subject': subject}, leftover) AS properties
FROM raw;

-- mail.links: one row is one mailbox of a Klaviyo profile.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    'klaviyo_person' AS other_kind,
    person_id AS other
FROM raw;

-- event.events: one row is one thing that a profile did or was sent.
WITH told AS (
    SELECT
        line,
        person_id,
        email,
        coalesce(as_time(datetime), as_time(epoch)) AS occurred_at,
        coalesce(nullif(blank(metric_name), 'event'), named('metric', metric_id)) AS metric,
        regexp_extract(metric_name, '(?:^| )(Email|SMS|Push|WhatsApp)(?: |$)', 1) AS medium,
        regexp_replace(leftover, '"(?:event_properties\.|property_)', '"', 'g') AS leftover,
        -- A cohort ('1586116963:LyZ7re') is no name.
        CASE WHEN NOT regexp_matches(campaign_name, '^\d+:') THEN blank(campaign_name) END AS message,
        blank(campaign_id) AS campaign_id,
        blank(flow_id) AS flow_id,
        money, currency, subject, url, bounce_type, id, _fivetran_synced, _fivetran_deleted
    FROM raw
)
SELECT
    line,
    CASE WHEN blank(person_id) IS NULL THEN 'email' ELSE 'klaviyo_person' END AS identifier_kind,
    coalesce(blank(person_id), email) AS identifier,
    occurred_at,
    concat_ws(
        ': ',
        CASE
            WHEN medium <> '' THEN
                medium || ' ' || lower(trim(regexp_replace(metric, '(^| )(Email|SMS|Push|WhatsApp)( |$)', ' ')))
            ELSE metric
        END,
        CASE
            WHEN medium <> '' OR starts_with(metric, 'Unsubscribed')
                THEN coalesce(named_or('campaign', campaign_id, message), named('flow', flow_id))
        END
    ) AS touchpoint,
    CASE
        WHEN medium <> '' OR regexp_matches(metric, '(?i)subscribed') THEN 'Email'
        WHEN regexp_matches(metric, '(?i)order|checkout|refund|subscription|cart') THEN 'Revenue'
        WHEN regexp_matches(metric, '(?i)viewed|active on|site|page') THEN 'Web'
    END AS touchpoint_group,
    CASE
        WHEN medium <> '' AND regexp_matches(metric, '^(Received|Bounced|Dropped|Failed|Skipped|Delivered|Deferred)')
            THEN 'exposure'
        ELSE 'action'
    END AS kind,
    CASE medium WHEN 'Email' THEN 'Email' WHEN 'SMS' THEN 'SMS' WHEN 'Push' THEN 'Mobile push notifications' END
        AS channel,
    CASE
        WHEN campaign_id IS NULL AND flow_id IS NOT NULL THEN named_or('flow', flow_id, message)
        ELSE named_or('campaign', campaign_id, message)
    END AS campaign,
    CASE WHEN metric = 'Placed Order' THEN as_number(money) END AS value,
    CASE WHEN metric = 'Placed Order' AND as_number(money) IS NOT NULL THEN upper(blank(currency)) END AS currency,
    blank(id) AS content,
    as_time(_fivetran_synced) AS version,
    is_yes(_fivetran_deleted) AS deleted,
    properties_of(
        {
            'subject': blank(subject),
            'url': blank(url),
            'bounce_type': blank(bounce_type),
            'value': CASE WHEN metric <> 'Placed Order' THEN as_number(money) END
        },
        leftover
    ) AS properties
FROM told;

-- event.links: one row is one mailbox or telephone of a Klaviyo profile.
SELECT
    line,
    'klaviyo_person' AS identifier_kind,
    blank(person_id) AS identifier,
    'email' AS other_kind,
    blank(email) AS other
FROM raw
UNION ALL
SELECT line, 'klaviyo_person', blank(person_id), 'phone', blank(phone) FROM raw;

-- record.events: one row is one event; what its metric is called stands in another record.
WITH told AS (
    SELECT
        line, profile, recipient, datetime, epoch, metric, id, currency, subject, bounce_type, money,
        -- A page with very many different fields keeps each event's as one object.
        coalesce(url, TRY(json_extract_string(event_properties, '$."URL"'))) AS url,
        coalesce(blank(campaign_name), TRY(json_extract_string(event_properties, '$."Campaign Name"'))) AS campaign_name,
        coalesce(message, TRY(json_extract_string(event_properties, '$."$message"'))) AS message,
        coalesce(blank(flow_id), TRY(json_extract_string(event_properties, '$."$flow"'))) AS flow_id,
        coalesce(client, TRY(json_extract_string(event_properties, '$."Client Type"'))) IS NOT NULL AS seen,
        coalesce(cohort, TRY(json_extract_string(event_properties, '$."$_cohort$message_send_cohort"'))) AS cohort,
        CASE
            WHEN event_properties IS NULL
                THEN regexp_replace(leftover, '"attributes\.(?:event_properties\.)?', '"', 'g')
            ELSE json_merge_patch(
                CASE WHEN json_valid(event_properties) THEN event_properties ELSE '{}' END,
                '{"Recipient Email Address":null,"$email":null,"email":null,"To Number":null,"From Number":null,'
                    || '"Message Body":null,"ip":null,"$internal":null}'
            )::VARCHAR
        END AS leftover
    FROM raw
    WHERE type = 'event' OR (datetime IS NOT NULL AND metric IS NOT NULL)
)
SELECT
    line,
    CASE WHEN profile IS NULL AND recipient IS NOT NULL THEN 'email' ELSE 'klaviyo_person' END AS identifier_kind,
    coalesce(profile, recipient) AS identifier,
    coalesce(as_time(datetime), as_time(epoch)) AS occurred_at,
    concat_ws(
        ': ',
        -- Until its metric is known, what an event holds tells what it is, where it can.
        named_or(
            'metric',
            metric,
            CASE
                WHEN coalesce(message, cohort) IS NULL THEN NULL
                WHEN bounce_type IS NOT NULL THEN 'Email bounced'
                WHEN seen AND url IS NOT NULL THEN 'Email clicked'
                WHEN seen THEN 'Email opened'
            END
        ),
        CASE
            WHEN coalesce(message, cohort) IS NOT NULL
                THEN coalesce(campaign_name, named('flow', flow_id), named('campaign', message))
        END
    ) AS touchpoint,
    CASE WHEN coalesce(message, cohort) IS NOT NULL THEN 'Email' END AS touchpoint_group,
    -- What was only sent says nothing of a client or a link.
    CASE
        WHEN coalesce(message, cohort) IS NOT NULL AND NOT seen AND url IS NULL THEN 'exposure'
        ELSE 'action'
    END AS kind,
    CASE WHEN coalesce(message, cohort) IS NOT NULL THEN 'Email' END AS channel,
    CASE WHEN flow_id IS NOT NULL THEN named_or('flow', flow_id, campaign_name) ELSE campaign_name END AS campaign,
    id AS content,
    properties_of(
        {
            'subject': subject,
            'url': url,
            'bounce_type': bounce_type,
            'value': as_number(money),
            'currency': currency
        },
        leftover
    ) AS properties
FROM told;

-- record.links: one row is one identifier of a profile.
WITH profile_record AS (
    SELECT line, id, email, phone_number, external_id, anonymous_id FROM raw WHERE type = 'profile'
)
SELECT line, 'klaviyo_person' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other
FROM profile_record
UNION ALL
SELECT line, 'klaviyo_person', id, 'phone', phone_number FROM profile_record
UNION ALL
SELECT line, 'klaviyo_person', id, 'user', external_id FROM profile_record
UNION ALL
SELECT line, 'klaviyo_person', id, 'klaviyo_anonymous', anonymous_id FROM profile_record
UNION ALL
SELECT line, 'klaviyo_person', profile, 'email', recipient FROM raw WHERE type = 'event';

-- record.traits: one row is one profile.
SELECT
    line,
    'klaviyo_person' AS identifier_kind,
    id AS identifier,
    coalesce(as_time(updated), as_time(created)) AS set_at,
    blank(country) AS country,
    blank(city) AS city,
    blank(title) AS job_title,
    blank(organization) AS company,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank(phone_number) AS phone
FROM raw
WHERE type = 'profile';

-- record.names: one row is one metric, campaign, flow, message, list, segment or form.
SELECT
    line,
    replace(type, '-', '_') AS entity,
    id AS key,
    CASE
        WHEN type = 'metric' AND regexp_matches(name, '(^| )(Email|SMS|Push|WhatsApp)( |$)')
            AND NOT regexp_matches(name, '(?i)subscribed') THEN
            regexp_extract(name, '(?:^| )(Email|SMS|Push|WhatsApp)(?: |$)', 1) || ' '
                || lower(trim(regexp_replace(name, '(^| )(Email|SMS|Push|WhatsApp)( |$)', ' ')))
        ELSE name
    END AS label,
    as_time(updated) AS version
FROM raw
WHERE type NOT IN ('event', 'profile');

-- profile.traits: one row is one profile.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    coalesce(as_time(updated), as_time(created)) AS set_at,
    blank(country) AS country,
    blank(city) AS city,
    blank(title) AS job_title,
    blank(organization) AS company,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank(phone_number) AS phone
FROM raw;

-- profile.links: one row is one profile's mailbox, telephone or number in the shop.
SELECT line, 'email' AS identifier_kind, email AS identifier, 'klaviyo_person' AS other_kind, id AS other
FROM raw
UNION ALL
SELECT line, 'klaviyo_person', id, 'phone', phone_number FROM raw
UNION ALL
SELECT line, 'klaviyo_person', id, 'user', external_id FROM raw
UNION ALL
SELECT line, 'klaviyo_person', id, 'klaviyo_anonymous', anonymous_id FROM raw;

-- campaign.names: one row is one campaign.
SELECT line, 'campaign' AS entity, id AS key, name AS label, as_time(updated) AS version FROM raw;

-- flow.names: one row is one flow.
SELECT line, 'flow' AS entity, id AS key, name AS label, as_time(updated) AS version FROM raw;

-- metric.names: one row is one metric: what events are of.
SELECT
    line,
    'metric' AS entity,
    id AS key,
    CASE
        WHEN regexp_matches(name, '(^| )(Email|SMS|Push|WhatsApp)( |$)') AND NOT regexp_matches(name, '(?i)subscribed')
            THEN regexp_extract(name, '(?:^| )(Email|SMS|Push|WhatsApp)(?: |$)', 1) || ' '
                || lower(trim(regexp_replace(name, '(^| )(Email|SMS|Push|WhatsApp)( |$)', ' ')))
        ELSE name
    END AS label,
    as_time(updated) AS version
FROM raw;

-- list.names: one row is one list.
SELECT line, 'list' AS entity, id AS key, name AS label, as_time(updated) AS version FROM raw;
