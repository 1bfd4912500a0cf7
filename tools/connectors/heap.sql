-- event.events: one row is one event of a type that the team defined; page views and visits have tables of their own.
SELECT
    line,
    'heap_visitor' AS identifier_kind,
    user_id AS identifier,
    as_time(time) AS occurred_at,
    titled(event_table_name) AS touchpoint,
    'Product' AS touchpoint_group,
    origin_of(utm_source, utm_medium, utm_campaign, referrer, landing_page) AS origin,
    utm_campaign AS campaign,
    session_id,
    user_id || '|' || event_id AS content,
    -- An event's own table knows more of it than the table of all events.
    CASE WHEN own_properties IS NOT NULL THEN TIMESTAMP '1970-01-01 00:00:01' END AS version,
    properties_of({'device': device_type, 'platform': platform, 'country': country, 'browser': browser}, own_properties) AS properties
FROM raw
WHERE event_table_name IS NULL OR event_table_name NOT IN ('pageviews', 'sessions');

-- event.links: one row is one page view or visit, which its own table tells.
SELECT line, 'heap_visitor' AS identifier_kind, user_id AS identifier, 'heap_visitor' AS other_kind, user_id AS other
FROM raw
WHERE event_table_name IN ('pageviews', 'sessions');

-- pageview.events: one row is one page that was viewed.
SELECT
    line,
    'heap_visitor' AS identifier_kind,
    user_id AS identifier,
    as_time(time) AS occurred_at,
    coalesce(page_of(path), 'Viewed page: ' || title, 'Page view') AS touchpoint,
    origin_of(utm_source, utm_medium, utm_campaign, referrer, landing_page) AS origin,
    utm_campaign AS campaign,
    session_id,
    user_id || '|' || event_id AS content,
    properties_of({'device': device_type, 'platform': platform, 'country': country, 'browser': browser, 'page': path}, own_properties) AS properties
FROM raw;

-- session.events: one row is one visit, with what it came from.
SELECT
    line,
    'heap_visitor' AS identifier_kind,
    user_id AS identifier,
    as_time(time) AS occurred_at,
    'Visit started' AS touchpoint,
    'Web' AS touchpoint_group,
    origin_of(utm_source, utm_medium, utm_campaign, referrer, landing_page) AS origin,
    utm_campaign AS campaign,
    session_id,
    'session|' || user_id || '|' || session_id AS content,
    properties_of({'device': device_type, 'platform': platform, 'country': country, 'browser': browser}, own_properties) AS properties
FROM raw;

-- user.traits: one row is one trait of a user.
SELECT told.line, 'heap_visitor' AS identifier_kind, told.user_id AS identifier, as_time(told.seen_at) AS set_at,
    lower(ltrim(own.key, '_')) AS name, own.value ->> '$' AS value
FROM (SELECT line, user_id, coalesce(last_modified, joindate) AS seen_at, own_traits FROM raw) AS told, json_each(told.own_traits) AS own
WHERE length(own.value ->> '$') < 200 AND lower(ltrim(own.key, '_')) NOT IN ('ip', 'phone')
UNION ALL
SELECT line, 'heap_visitor', user_id, as_time(coalesce(last_modified, joindate)), 'name', name FROM raw;

-- user.links: one row is one identifier of a user.
SELECT line, 'heap_visitor' AS identifier_kind, user_id AS identifier, 'email' AS other_kind, email AS other FROM raw
UNION ALL
SELECT line, 'heap_visitor', user_id, CASE WHEN contains(identity, '@') THEN 'email' ELSE 'user' END, identity FROM raw
UNION ALL
SELECT line, 'heap_visitor', user_id, 'heap_visitor', user_id FROM raw;

-- user_migration.links: one row is one visitor who turned out to be a known user.
SELECT line, 'heap_visitor' AS identifier_kind, from_user_id AS identifier, 'heap_visitor' AS other_kind, to_user_id AS other FROM raw;
