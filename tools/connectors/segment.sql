-- message.events: one row is one track, page or screen call, or one of a type of its own.
SELECT
    line,
    CASE
        WHEN user_id IS NULL THEN 'segment_anonymous'
        WHEN contains(user_id, '@') THEN 'email'
        ELSE 'user'
    END AS identifier_kind,
    coalesce(user_id, anonymous_id) AS identifier,
    as_time(timestamp) AS occurred_at,
    CASE lower(type)
        WHEN 'track' THEN titled(coalesce(event_text, event))
        WHEN 'page' THEN coalesce(page_of(page_url), 'Viewed page: ' || coalesce(blank(name), page_title), 'Page view')
        WHEN 'screen' THEN coalesce('Viewed screen: ' || coalesce(blank(name), blank(event)), 'Screen view')
        ELSE titled(coalesce(event, type))
    END AS touchpoint,
    CASE
        WHEN lower(type) = 'page' THEN NULL
        WHEN revenue IS NOT NULL THEN 'Revenue'
        ELSE 'Product'
    END AS touchpoint_group,
    origin_of(utm_source, utm_medium, utm_campaign, page_referrer, page_url) AS origin,
    utm_campaign AS campaign,
    session AS session_id,
    as_number(coalesce(
        revenue,
        properties ->> '$.revenue',
        CASE WHEN regexp_matches(lower(event), 'purchas|order.?(completed|placed)|payment|charge|checkout.?completed')
            THEN coalesce(total, properties ->> '$.total') END
    )) AS value,
    coalesce(currency, properties ->> '$.currency') AS currency,
    message_id AS content,
    -- An event's own table knows its properties, the table of all tracks does not.
    CASE WHEN own_properties IS NOT NULL THEN TIMESTAMP '1970-01-01 00:00:01' END AS version,
    properties_of(
        {
            'device': device,
            'os': os,
            'country': country,
            'page': CASE WHEN page_url[1] = '/' THEN page_url ELSE regexp_extract(page_url, '^[a-z]+://[^/]+([^?#]*)', 1) END,
            'order': order_id,
            'total': total
        },
        CASE
            WHEN coalesce(properties, own_context) IS NULL THEN own_properties
            ELSE json_merge_patch(coalesce(own_context, '{}'), coalesce(own_properties, '{}'), coalesce(properties, '{}'))::VARCHAR
        END
    ) AS properties
FROM raw
WHERE type IS NULL OR lower(type) NOT IN ('identify', 'alias', 'group');

-- message.links: one row is one pair of identifiers of a person, or one row that says only who is there.
WITH told AS (
    SELECT
        line,
        lower(type) AS type,
        anonymous_id,
        user_id,
        CASE WHEN contains(user_id, '@') THEN 'email' ELSE 'user' END AS user_kind,
        CASE
            WHEN user_id IS NULL THEN 'segment_anonymous'
            WHEN contains(user_id, '@') THEN 'email'
            ELSE 'user'
        END AS who_kind,
        coalesce(user_id, anonymous_id) AS who,
        coalesce(email, traits ->> '$.email') AS email,
        phone,
        previous_id,
        group_id,
        order_id
    FROM raw
)
SELECT min(line) AS line, 'segment_anonymous' AS identifier_kind, anonymous_id AS identifier, user_kind AS other_kind, user_id AS other, 'same' AS tie
FROM told
WHERE anonymous_id IS NOT NULL AND user_id IS NOT NULL
GROUP BY anonymous_id, user_kind, user_id
UNION ALL
SELECT min(line), who_kind, who, 'email', email, 'same' FROM told WHERE email IS NOT NULL GROUP BY who_kind, who, email
UNION ALL
SELECT min(line), who_kind, who, 'phone', phone, 'same' FROM told WHERE phone IS NOT NULL GROUP BY who_kind, who, phone
UNION ALL
SELECT min(line), 'order', order_id, who_kind, who, 'part' FROM told WHERE order_id IS NOT NULL AND type <> 'alias' GROUP BY who_kind, who, order_id
UNION ALL
-- What was there before may be a visitor or a user.
SELECT line, unnest(['segment_anonymous', 'user']), previous_id, user_kind, user_id, 'same' FROM told WHERE type = 'alias'
UNION ALL
SELECT line, who_kind, who, 'segment_group', group_id, 'member' FROM told WHERE type = 'group'
UNION ALL
SELECT line, who_kind, who, who_kind, who, 'same' FROM told WHERE type IN ('identify', 'alias', 'group');

-- message.traits: one row is one trait of a person or a group.
WITH told AS (
    SELECT
        line,
        CASE
            WHEN lower(type) = 'group' THEN 'segment_group'
            WHEN user_id IS NULL THEN 'segment_anonymous'
            WHEN contains(user_id, '@') THEN 'email'
            ELSE 'user'
        END AS identifier_kind,
        CASE WHEN lower(type) = 'group' THEN group_id ELSE coalesce(user_id, anonymous_id) END AS identifier,
        timestamp,
        lower(type) IN ('identify', 'group') AS whole,
        CASE
            WHEN lower(type) IN ('identify', 'group') AND coalesce(name, country) IS NOT NULL
            THEN json_merge_patch(to_json({'name': name, 'country': country}), coalesce(own_traits, traits, '{}'))::VARCHAR
            ELSE coalesce(own_traits, traits)
        END AS own
    FROM raw
),
-- Events repeat what is known of their person, which seldom changes.
kept AS (
    SELECT line, identifier_kind, identifier, as_time(timestamp) AS set_at, own FROM told WHERE whole
    UNION ALL
    SELECT min(line), identifier_kind, identifier, as_time(max(timestamp)), own
    FROM told
    WHERE NOT whole AND own IS NOT NULL
    GROUP BY identifier_kind, identifier, own
)
SELECT
    kept.line,
    kept.identifier_kind,
    kept.identifier,
    kept.set_at,
    CASE lower(own.key)
        WHEN 'firstname' THEN 'first_name'
        WHEN 'lastname' THEN 'last_name'
        WHEN 'title' THEN 'persona'
        WHEN 'job_title' THEN 'persona'
        WHEN 'company.name' THEN 'company'
        WHEN 'company_name' THEN 'company'
        WHEN 'company.industry' THEN 'industry'
        WHEN 'employees' THEN 'company_size'
        WHEN 'company.employee_count' THEN 'company_size'
        WHEN 'company_employee_count' THEN 'company_size'
        WHEN 'address.city' THEN 'city'
        WHEN 'address_city' THEN 'city'
        WHEN 'address.country' THEN 'country'
        WHEN 'address_country' THEN 'country'
        ELSE lower(regexp_replace(own.key, '([a-z])([A-Z])', '\1_\2', 'g'))
    END AS name,
    own.value ->> '$' AS value
FROM kept, json_each(kept.own) AS own
WHERE own.type NOT IN ('ARRAY', 'OBJECT', 'NULL') AND length(own.value ->> '$') < 200
    AND lower(own.key) NOT IN ('email', 'phone', 'id', 'avatar', 'anonymousid', 'anonymous_id', 'userid', 'user_id');
