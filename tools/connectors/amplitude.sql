-- event.events: one row is one event; rows that only say who a user is, or that a visit goes on, are none.
SELECT
    line,
    'amplitude_id' AS identifier_kind,
    amplitude_id AS identifier,
    coalesce(TRY_CAST(event_time AS TIMESTAMP), as_time(event_time)) AS occurred_at,
    CASE
        WHEN event_type IN ('[Amplitude] Page Viewed', 'Page Viewed', 'page_view', 'Viewed page', 'Loaded a Page')
            THEN coalesce(page_of(page_url), 'Viewed page: ' || page_title, 'Page viewed')
        WHEN event_type = 'revenue_amount' THEN 'Revenue'
        ELSE named_or('event_type', event_type, titled(regexp_replace(event_type, '^\[Amplitude\] ', '')))
    END AS touchpoint,
    CASE WHEN event_type <> '[Amplitude] Page Viewed' THEN 'Product' END AS touchpoint_group,
    origin_of(utm_source, utm_medium, utm_campaign, referrer, page_url) AS origin,
    utm_campaign AS campaign,
    CASE WHEN session_id <> '-1' THEN concat_ws('.', coalesce(device_id, amplitude_id), session_id) END AS session_id,
    as_number(coalesce(
        revenue,
        event_properties ->> '$."$revenue"',
        event_properties ->> '$.revenue',
        CASE WHEN regexp_matches(lower(event_type), 'purchas|order.?(completed|placed)|payment|charge|checkout.?completed')
            THEN coalesce(total, event_properties ->> '$.total', event_properties ->> '$.amount') END
    )) AS value,
    coalesce(currency, event_properties ->> '$.currency') AS currency,
    coalesce(uuid, device_id || '|' || insert_id) AS content,
    properties_of(
        {
            'device': device_type,
            'os': os_name,
            'platform': platform,
            'country': country,
            'city': city,
            'app_version': version_name,
            'page': regexp_extract(page_url, '^[a-z]+://[^/]+([^?#]*)', 1),
            'total': total
        },
        CASE
            WHEN event_properties IS NULL OR event_properties = '{}' THEN own_properties
            ELSE json_merge_patch(
                coalesce(own_properties, '{}'), event_properties, '{"email": null, "phone": null, "ip": null}'
            )::VARCHAR
        END
    ) AS properties
FROM raw
WHERE event_type IS NULL OR event_type NOT IN ('$identify', '$groupidentify', 'session_start', 'session_end');

-- event.links: one row is one pair of identifiers of a user, or one row that says only who is there.
SELECT min(line) AS line, 'amplitude_id' AS identifier_kind, amplitude_id AS identifier,
    CASE WHEN contains(user_id, '@') THEN 'email' ELSE 'user' END AS other_kind, user_id AS other
FROM raw
WHERE user_id IS NOT NULL
GROUP BY amplitude_id, user_id
UNION ALL
SELECT min(line), 'amplitude_id', amplitude_id, 'amplitude_device', device_id
FROM raw
WHERE device_id IS NOT NULL
GROUP BY amplitude_id, device_id
UNION ALL
SELECT min(line), 'amplitude_id', amplitude_id, 'email', email
FROM (SELECT line, amplitude_id, coalesce(email, user_properties ->> '$.email') AS email FROM raw)
WHERE email IS NOT NULL
GROUP BY amplitude_id, email
UNION ALL
SELECT line, 'amplitude_id', amplitude_id, 'amplitude_id', amplitude_id
FROM raw
WHERE event_type IN ('$identify', '$groupidentify', 'session_start', 'session_end');

-- event.traits: one row is one user property, with when it was last told.
WITH state AS (
    -- Every event repeats what is known of its user, which seldom changes.
    SELECT
        min(line) AS line,
        amplitude_id,
        coalesce(own_traits, user_properties) AS own,
        max(coalesce(TRY_CAST(event_time AS TIMESTAMP), as_time(event_time))) AS set_at
    FROM raw
    WHERE coalesce(own_traits, user_properties) <> '{}'
    GROUP BY amplitude_id, coalesce(own_traits, user_properties)
)
SELECT
    state.line,
    'amplitude_id' AS identifier_kind,
    state.amplitude_id AS identifier,
    state.set_at,
    lower(regexp_replace(own.key, '^\$(set|setOnce)\.', '')) AS name,
    own.value ->> '$' AS value
FROM state, json_each(state.own) AS own
WHERE own.type NOT IN ('ARRAY', 'OBJECT') AND length(own.value ->> '$') < 200
    AND NOT regexp_matches(
        lower(own.key),
        'utm_|referr|click_?id$|clid$|braid$|li_fat_id|rdt_cid|_?ip(_address)?$|^\$?(unset|add|append|prepend|email)\b'
    );

-- merged_id.links: one row is one user who turned out to be another.
SELECT line, 'amplitude_id' AS identifier_kind, merged_amplitude_id AS identifier, 'amplitude_id' AS other_kind, amplitude_id AS other
FROM raw;

-- event_type.names: one row is one event type, as the team calls it.
SELECT line, 'event_type' AS entity, name AS key, titled(display) AS label
FROM raw
WHERE blank(display) IS NOT NULL;
