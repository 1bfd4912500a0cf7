-- event.events: one row is one event; rows that only say who is who, or that a visit goes on, are none.
WITH told AS (
    SELECT
        line,
        coalesce(event, properties ->> '$.event') AS event,
        coalesce(time, properties ->> '$.time') AS time,
        coalesce(distinct_id, properties ->> '$.distinct_id') AS distinct_id,
        coalesce(insert_id, properties ->> '$."$insert_id"') AS insert_id,
        coalesce(current_url, properties ->> '$."$current_url"') AS current_url,
        coalesce(referrer, properties ->> '$."$referrer"') AS referrer,
        coalesce(utm_source, properties ->> '$.utm_source') AS utm_source,
        coalesce(utm_medium, properties ->> '$.utm_medium') AS utm_medium,
        coalesce(utm_campaign, properties ->> '$.utm_campaign') AS utm_campaign,
        coalesce(session_id, properties ->> '$."$session_id"') AS session_id,
        coalesce(revenue, properties ->> '$.revenue', properties ->> '$."$amount"') AS revenue,
        coalesce(currency, properties ->> '$.currency') AS currency,
        coalesce(total, amount, price, properties ->> '$.total', properties ->> '$.amount', properties ->> '$.price') AS amount,
        total, price, amount AS own_amount, current_page_title AS title, device, os, browser, mp_country_code AS country, city,
        CASE
            WHEN properties IS NULL THEN own_properties
            ELSE json_merge_patch(
                coalesce(own_properties, '{}'),
                json_merge_patch(properties, '{
                    "$email": null, "$name": null, "$first_name": null, "$last_name": null, "$phone": null, "email": null,
                    "name": null, "phone": null, "ip": null, "$ip": null, "token": null, "time": null, "distinct_id": null,
                    "$insert_id": null, "$device_id": null, "$user_id": null, "user_id": null, "$current_url": null, "$referrer": null
                }')
            )::VARCHAR
        END AS own
    FROM raw
    WHERE event IS NULL
        OR event NOT IN (
            '$identify', '$create_alias', '$merge', '$session_start', '$session_end', '$ae_session', '$mp_session_record',
            '$mp_page_leave', '$mp_scroll', '$set_group'
        )
)
SELECT
    line,
    CASE
        WHEN starts_with(distinct_id, '$device:') THEN 'mixpanel_device'
        WHEN contains(distinct_id, '@') THEN 'email'
        ELSE 'mixpanel_visitor'
    END AS identifier_kind,
    CASE WHEN starts_with(distinct_id, '$device:') THEN substring(distinct_id, 9) ELSE distinct_id END AS identifier,
    coalesce(
        CASE length(time)
            WHEN 10 THEN make_timestamp(TRY_CAST(time AS BIGINT) * 1000000)
            WHEN 13 THEN make_timestamp(TRY_CAST(time AS BIGINT) * 1000)
        END,
        as_time(time)
    ) AS occurred_at,
    CASE
        WHEN event = '$mp_web_page_view'
            OR lower(event) IN ('page view', 'page viewed', 'pageview', 'page_view', 'viewed page', 'viewed a page', 'loaded a page')
        THEN coalesce(page_of(current_url), 'Viewed page: ' || title, 'Page view')
        WHEN event = '$mp_click' THEN 'Clicked an element'
        WHEN event = '$mp_submit' THEN 'Form submitted'
        WHEN event = '$ae_first_open' THEN 'App first opened'
        WHEN event = '$ae_updated' THEN 'App updated'
        WHEN event = '$campaign_delivery' THEN 'Message received'
        WHEN event = '$campaign_open' THEN 'Message opened'
        ELSE titled(ltrim(event, '$'))
    END AS touchpoint,
    CASE WHEN event <> '$mp_web_page_view' THEN 'Product' END AS touchpoint_group,
    CASE WHEN event = '$campaign_delivery' THEN 'exposure' ELSE 'action' END AS kind,
    origin_of(utm_source, utm_medium, utm_campaign, referrer, current_url) AS origin,
    utm_campaign AS campaign,
    session_id,
    as_number(coalesce(
        revenue,
        CASE WHEN regexp_matches(lower(event), 'purchas|order.?(completed|placed)|payment|charge|checkout.?completed') THEN amount END
    )) AS value,
    currency,
    CASE WHEN insert_id IS NOT NULL THEN concat_ws('|', event, distinct_id, time, insert_id) END AS content,
    properties_of(
        {
            'device': device,
            'os': os,
            'browser': browser,
            'country': country,
            'city': city,
            'page': regexp_extract(current_url, '^[a-z]+://[^/]+([^?#]*)', 1),
            'total': total,
            'price': price,
            'amount': own_amount
        },
        own
    ) AS properties
FROM told;

-- event.links: one row is one pair of identifiers of a person, or one row that says only who is there.
WITH told AS (
    SELECT
        line,
        event,
        coalesce(distinct_id, properties ->> '$.distinct_id') AS distinct_id,
        coalesce(device_id, properties ->> '$."$device_id"') AS device_id,
        coalesce(user_id, properties ->> '$."$user_id"', properties ->> '$.user_id') AS user_id,
        coalesce(email, properties ->> '$."$email"', properties ->> '$.email') AS email,
        coalesce(identified_id, properties ->> '$."$identified_id"') AS identified_id,
        coalesce(anon_id, properties ->> '$."$anon_id"') AS anon_id,
        coalesce(alias, properties ->> '$.alias') AS alias,
        coalesce(distinct_ids, properties ->> '$."$distinct_ids"') AS distinct_ids,
        coalesce(distinct_id_before_identity, properties ->> '$."$distinct_id_before_identity"') AS earlier_id
    FROM raw
),
pair AS (
    SELECT min(line) AS line, distinct_id AS one, 'mixpanel_device' AS kind, device_id AS two
    FROM told WHERE device_id IS NOT NULL GROUP BY distinct_id, device_id
    UNION ALL
    SELECT min(line), distinct_id, CASE WHEN contains(user_id, '@') THEN 'email' ELSE 'user' END, user_id
    FROM told WHERE user_id IS NOT NULL GROUP BY distinct_id, user_id
    UNION ALL
    SELECT min(line), distinct_id, 'email', email FROM told WHERE email IS NOT NULL GROUP BY distinct_id, email
    UNION ALL
    SELECT min(line), distinct_id, 'mixpanel_visitor', earlier_id FROM told WHERE earlier_id IS NOT NULL GROUP BY distinct_id, earlier_id
    UNION ALL
    SELECT line, coalesce(identified_id, distinct_id), 'mixpanel_visitor', anon_id FROM told WHERE event = '$identify'
    UNION ALL
    SELECT line, distinct_id, 'mixpanel_visitor', alias FROM told WHERE event = '$create_alias'
    UNION ALL
    SELECT line, ids[1], 'mixpanel_visitor', unnest(ids)
    FROM (SELECT line, from_json(distinct_ids, '["VARCHAR"]') AS ids FROM told WHERE event = '$merge')
    UNION ALL
    SELECT line, distinct_id, 'mixpanel_visitor', distinct_id
    FROM told
    WHERE event IN ('$identify', '$session_start', '$session_end', '$ae_session', '$mp_session_record', '$mp_page_leave', '$mp_scroll', '$set_group')
)
SELECT
    line,
    CASE
        WHEN starts_with(one, '$device:') THEN 'mixpanel_device'
        WHEN contains(one, '@') THEN 'email'
        ELSE 'mixpanel_visitor'
    END AS identifier_kind,
    CASE WHEN starts_with(one, '$device:') THEN substring(one, 9) ELSE one END AS identifier,
    CASE
        WHEN kind <> 'mixpanel_visitor' THEN kind
        WHEN starts_with(two, '$device:') THEN 'mixpanel_device'
        WHEN contains(two, '@') THEN 'email'
        ELSE kind
    END AS other_kind,
    CASE WHEN starts_with(two, '$device:') THEN substring(two, 9) ELSE two END AS other
FROM pair;

-- people.traits: one row is one trait of a profile.
WITH told AS (
    SELECT
        line,
        CASE
            WHEN starts_with("$distinct_id", '$device:') THEN 'mixpanel_device'
            WHEN contains("$distinct_id", '@') THEN 'email'
            ELSE 'mixpanel_visitor'
        END AS identifier_kind,
        CASE WHEN starts_with("$distinct_id", '$device:') THEN substring("$distinct_id", 9) ELSE "$distinct_id" END AS identifier,
        as_time(last_seen) AS set_at,
        [
            {'name': 'name', 'value': name}, {'name': 'first_name', 'value': first_name}, {'name': 'last_name', 'value': last_name},
            {'name': 'phone', 'value': phone}, {'name': 'country', 'value': country}, {'name': 'city', 'value': city}
        ] AS known,
        coalesce(own_traits, "$properties") AS own
    FROM raw
)
SELECT line, identifier_kind, identifier, set_at, trait.name AS name, trait.value AS value
FROM (SELECT line, identifier_kind, identifier, set_at, unnest(known) AS trait FROM told)
UNION ALL
SELECT line, identifier_kind, identifier, set_at, lower(ltrim(own.key, '$')), own.value ->> '$'
FROM told, json_each(told.own) AS own
WHERE own.type NOT IN ('ARRAY', 'OBJECT') AND length(own.value ->> '$') < 200
    AND lower(ltrim(own.key, '$')) NOT IN ('email', 'ip', 'avatar', 'distinct_id', 'last_seen', 'user_id');

-- people.links: one row is one identifier of a profile.
WITH told AS (
    SELECT
        line,
        "$distinct_id" AS distinct_id,
        coalesce(email, "$properties" ->> '$."$email"') AS email,
        coalesce(user_id, "$properties" ->> '$."$user_id"') AS user_id,
        phone
    FROM raw
),
pair AS (
    SELECT line, distinct_id, 'email' AS kind, email AS told FROM told WHERE email IS NOT NULL
    UNION ALL
    SELECT line, distinct_id, CASE WHEN contains(user_id, '@') THEN 'email' ELSE 'user' END, user_id FROM told WHERE user_id IS NOT NULL
    UNION ALL
    SELECT line, distinct_id, 'phone', phone FROM told WHERE phone IS NOT NULL
    UNION ALL
    SELECT line, distinct_id, CASE WHEN contains(distinct_id, '@') THEN 'email' ELSE 'mixpanel_visitor' END, distinct_id
    FROM told WHERE NOT starts_with(distinct_id, '$device:')
)
SELECT
    line,
    CASE
        WHEN starts_with(distinct_id, '$device:') THEN 'mixpanel_device'
        WHEN contains(distinct_id, '@') THEN 'email'
        ELSE 'mixpanel_visitor'
    END AS identifier_kind,
    CASE WHEN starts_with(distinct_id, '$device:') THEN substring(distinct_id, 9) ELSE distinct_id END AS identifier,
    kind AS other_kind,
    told AS other
FROM pair;
