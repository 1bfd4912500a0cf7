-- event.events: one row is one event; rows that only say who is who, or that a page is left, are none.
WITH told AS (
    SELECT
        line, event, distinct_id, timestamp, uuid, screen, event_type, title,
        coalesce(url, properties ->> '$."$current_url"') AS url,
        coalesce(referrer, properties ->> '$."$referrer"') AS referrer,
        coalesce(utm_source, properties ->> '$.utm_source') AS utm_source,
        coalesce(utm_medium, properties ->> '$.utm_medium') AS utm_medium,
        coalesce(utm_campaign, properties ->> '$.utm_campaign') AS utm_campaign,
        coalesce(session_id, properties ->> '$."$session_id"') AS session_id,
        coalesce(device, properties ->> '$."$device_type"') AS device,
        coalesce(os, properties ->> '$."$os"') AS os,
        coalesce(browser, properties ->> '$."$browser"') AS browser,
        coalesce(country, properties ->> '$."$geoip_country_name"') AS country,
        coalesce(city, properties ->> '$."$geoip_city_name"') AS city,
        coalesce(revenue, properties ->> '$.revenue', properties ->> '$."$revenue"') AS revenue,
        coalesce(total, properties ->> '$.total', properties ->> '$.amount') AS total,
        coalesce(currency, properties ->> '$.currency') AS currency,
        CASE
            WHEN properties IS NULL THEN own_properties
            -- PostHog's own properties begin with a dollar sign: the team's are kept.
            ELSE json_merge_patch(
                coalesce(own_properties, '{}'),
                (SELECT json_group_object(own.key, own.value) FROM json_each(properties) AS own
                WHERE own.key[1] <> '$' AND own.key NOT IN ('token', 'distinct_id', 'email', 'name'))
            )::VARCHAR
        END AS own
    FROM raw
    WHERE event IS NULL
        OR event NOT IN (
            '$identify', '$create_alias', '$merge_dangerously', '$set', '$groupidentify', '$pageleave', '$web_vitals',
            '$feature_flag_called', '$heatmap', '$$heatmap', '$performance_event', '$snapshot', '$session_start'
        )
)
SELECT
    line,
    CASE WHEN contains(distinct_id, '@') THEN 'email' ELSE 'posthog_visitor' END AS identifier_kind,
    distinct_id AS identifier,
    as_time(timestamp) AS occurred_at,
    CASE
        WHEN event IN ('$pageview', 'pageview', 'page_view', 'page view') THEN coalesce(page_of(url), 'Viewed page: ' || title, 'Page view')
        WHEN event = '$screen' THEN coalesce('Viewed screen: ' || screen, 'Screen view')
        WHEN event = '$autocapture' THEN CASE event_type
            WHEN 'submit' THEN 'Form submitted'
            WHEN 'change' THEN 'Field changed'
            ELSE 'Clicked an element'
        END
        WHEN event = '$rageclick' THEN 'Rage click'
        ELSE titled(ltrim(event, '$'))
    END AS touchpoint,
    CASE WHEN event = '$pageview' THEN NULL WHEN event IN ('$autocapture', '$rageclick') THEN 'Web' ELSE 'Product' END AS touchpoint_group,
    origin_of(utm_source, utm_medium, utm_campaign, referrer, url) AS origin,
    utm_campaign AS campaign,
    session_id,
    as_number(coalesce(
        revenue,
        CASE WHEN regexp_matches(lower(event), 'purchas|order.?(completed|placed)|payment|charge|checkout.?completed') THEN total END
    )) AS value,
    currency,
    uuid AS content,
    properties_of(
        {
            'device': device,
            'os': os,
            'browser': browser,
            'country': country,
            'city': city,
            'page': regexp_extract(url, '^[a-z]+://[^/]+([^?#]*)', 1),
            'total': total
        },
        own
    ) AS properties
FROM told;

-- event.links: one row is one pair of identifiers of a person, or one row that says only who is there.
WITH told AS (
    SELECT
        line,
        event,
        distinct_id,
        person_id,
        coalesce(device_id, properties ->> '$."$device_id"') AS device_id,
        coalesce(user_id, properties ->> '$."$user_id"') AS user_id,
        coalesce(anon_id, properties ->> '$."$anon_distinct_id"') AS anon_id,
        coalesce(alias, properties ->> '$.alias') AS alias,
        coalesce(email, properties ->> '$."$set".email', person_properties ->> '$.email') AS email,
        group_id,
        "person.distinct_ids" AS other_ids
    FROM raw
),
pair AS (
    SELECT min(line) AS line, distinct_id AS one, 'posthog_person' AS kind, person_id AS two, 'same' AS tie
    FROM told WHERE person_id IS NOT NULL GROUP BY distinct_id, person_id
    UNION ALL
    SELECT min(line), distinct_id, 'posthog_device', device_id, 'same' FROM told WHERE device_id IS NOT NULL GROUP BY distinct_id, device_id
    UNION ALL
    SELECT min(line), distinct_id, 'user', user_id, 'same' FROM told WHERE user_id IS NOT NULL GROUP BY distinct_id, user_id
    UNION ALL
    SELECT min(line), distinct_id, 'email', email, 'same' FROM told WHERE email IS NOT NULL GROUP BY distinct_id, email
    UNION ALL
    SELECT min(line), distinct_id, 'posthog_group', group_id, 'member' FROM told WHERE group_id IS NOT NULL GROUP BY distinct_id, group_id
    UNION ALL
    SELECT line, distinct_id, 'posthog_visitor', coalesce(anon_id, alias), 'same'
    FROM told
    WHERE event IN ('$identify', '$create_alias', '$merge_dangerously')
    UNION ALL
    SELECT line, distinct_id, CASE WHEN contains(distinct_id, '@') THEN 'email' ELSE 'posthog_visitor' END, distinct_id, 'same'
    FROM told
    WHERE event IN (
        '$identify', '$create_alias', '$merge_dangerously', '$set', '$groupidentify', '$pageleave', '$web_vitals',
        '$feature_flag_called', '$heatmap', '$$heatmap', '$performance_event', '$snapshot', '$session_start'
    )
    UNION ALL
    SELECT min(line), distinct_id, 'posthog_visitor', other_id, 'same'
    FROM (SELECT line, distinct_id, unnest(from_json(other_ids, '["VARCHAR"]')) AS other_id FROM told WHERE other_ids IS NOT NULL)
    GROUP BY distinct_id, other_id
    -- Who has been identified is known by the company's own id.
    UNION ALL
    SELECT min(line), distinct_id, CASE WHEN contains(distinct_id, '@') THEN 'email' ELSE 'user' END, distinct_id, 'same'
    FROM told
    WHERE event = '$identify'
    GROUP BY distinct_id
)
SELECT
    line,
    CASE WHEN contains(one, '@') THEN 'email' ELSE 'posthog_visitor' END AS identifier_kind,
    one AS identifier,
    CASE WHEN kind IN ('posthog_visitor', 'user') AND contains(two, '@') THEN 'email' ELSE kind END AS other_kind,
    two AS other,
    tie
FROM pair;

-- event.traits: one row is one property of a person, with when it was last told.
WITH state AS (
    -- Every event repeats what is known of its person, which seldom changes.
    SELECT min(line) AS line, distinct_id, coalesce(own_traits, person_properties) AS own, as_time(max(timestamp)) AS set_at
    FROM raw
    WHERE coalesce(own_traits, person_properties) <> '{}'
    GROUP BY distinct_id, coalesce(own_traits, person_properties)
)
SELECT
    state.line,
    CASE WHEN contains(state.distinct_id, '@') THEN 'email' ELSE 'posthog_visitor' END AS identifier_kind,
    state.distinct_id AS identifier,
    state.set_at,
    lower(own.key) AS name,
    own.value ->> '$' AS value
FROM state, json_each(state.own) AS own
WHERE own.type NOT IN ('ARRAY', 'OBJECT') AND length(own.value ->> '$') < 200
    AND own.key[1] <> '$' AND lower(own.key) NOT IN ('email', 'id', 'user_id', 'ip')
    AND NOT regexp_matches(own.key, '^(utm_|gclid|fbclid)');

-- person.traits: one row is one property of a person.
SELECT
    told.line,
    'posthog_person' AS identifier_kind,
    told.id AS identifier,
    as_time(told.seen_at) AS set_at,
    lower(own.key) AS name,
    own.value ->> '$' AS value
FROM (SELECT line, id, coalesce(last_seen_at, created_at) AS seen_at, coalesce(own_traits, properties) AS own FROM raw) AS told,
    json_each(told.own) AS own
WHERE own.type NOT IN ('ARRAY', 'OBJECT') AND length(own.value ->> '$') < 200
    AND own.key[1] <> '$' AND lower(own.key) NOT IN ('email', 'id', 'user_id', 'ip')
    AND NOT regexp_matches(own.key, '^(utm_|gclid|fbclid)');

-- person.links: one row is one identifier of a person.
WITH told AS (
    SELECT line, id, coalesce(email, properties ->> '$.email') AS email, unnest(from_json(distinct_ids, '["VARCHAR"]')) AS distinct_id
    FROM raw
)
SELECT line, 'posthog_person' AS identifier_kind, id AS identifier,
    CASE WHEN contains(distinct_id, '@') THEN 'email' ELSE 'posthog_visitor' END AS other_kind, distinct_id AS other
FROM told
UNION ALL
SELECT line, 'posthog_person', id, 'email', email FROM told;

-- person_distinct_id.links: one row is one identifier of a person.
SELECT line, 'posthog_person' AS identifier_kind, person_id AS identifier,
    CASE WHEN contains(distinct_id, '@') THEN 'email' ELSE 'posthog_visitor' END AS other_kind, distinct_id AS other
FROM raw
UNION ALL
SELECT line, 'posthog_person', person_id, 'email', coalesce(email, properties ->> '$.email') FROM raw;

-- person_distinct_id.traits: one row is one property of a person.
SELECT
    told.line,
    'posthog_person' AS identifier_kind,
    told.person_id AS identifier,
    as_time(told.created_at) AS set_at,
    lower(own.key) AS name,
    own.value ->> '$' AS value
FROM (SELECT line, person_id, created_at, coalesce(own_traits, properties) AS own FROM raw) AS told, json_each(told.own) AS own
WHERE own.type NOT IN ('ARRAY', 'OBJECT') AND length(own.value ->> '$') < 200
    AND own.key[1] <> '$' AND lower(own.key) NOT IN ('email', 'id', 'user_id', 'ip');
