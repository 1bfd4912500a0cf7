-- feature_event.events: one row is one hour in which a visitor used a feature.
SELECT
    line,
    'pendo_visitor' AS identifier_kind,
    visitor_id AS identifier,
    as_time(timestamp) AS occurred_at,
    'Used feature: ' || named_or('feature', feature_id, feature_id) AS touchpoint,
    'Product' AS touchpoint_group,
    concat_ws('|', 'feature', visitor_id, account_id, feature_id, timestamp, param_parameter, server_name, remote_ip, user_agent) AS content,
    properties_of({'times': num_events, 'minutes': num_minutes, 'parameter': param_parameter}, leftover) AS properties
FROM raw;

-- feature_event.links: one row is one visitor as the product knows them, and their account.
SELECT min(line) AS line, 'pendo_visitor' AS identifier_kind, visitor_id AS identifier,
    CASE WHEN contains(visitor_id, '@') THEN 'email' ELSE 'user' END AS other_kind, visitor_id AS other, 'same' AS tie
FROM raw
WHERE NOT starts_with(visitor_id, '_PENDO_T_')
GROUP BY visitor_id
UNION ALL
SELECT min(line), 'pendo_visitor', visitor_id, 'pendo_account', account_id, 'member' FROM raw GROUP BY visitor_id, account_id;

-- page_event.events: one row is one hour in which a visitor was on a page, or in the product at all.
SELECT
    line,
    'pendo_visitor' AS identifier_kind,
    visitor_id AS identifier,
    as_time(timestamp) AS occurred_at,
    CASE WHEN page_id = 'allevents' THEN 'Used the product' ELSE 'Viewed page: ' || named_or('page', page_id, page_id) END AS touchpoint,
    'Product' AS touchpoint_group,
    concat_ws('|', 'page', visitor_id, account_id, page_id, timestamp, param_parameter, server_name, remote_ip, user_agent) AS content,
    properties_of({'times': num_events, 'minutes': num_minutes, 'parameter': param_parameter}, leftover) AS properties
FROM raw;

-- page_event.links: one row is one visitor as the product knows them, and their account.
SELECT min(line) AS line, 'pendo_visitor' AS identifier_kind, visitor_id AS identifier,
    CASE WHEN contains(visitor_id, '@') THEN 'email' ELSE 'user' END AS other_kind, visitor_id AS other, 'same' AS tie
FROM raw
WHERE NOT starts_with(visitor_id, '_PENDO_T_')
GROUP BY visitor_id
UNION ALL
SELECT min(line), 'pendo_visitor', visitor_id, 'pendo_account', account_id, 'member' FROM raw GROUP BY visitor_id, account_id;

-- guide_event.events: one row is one guide that was shown, or what a visitor did with it.
SELECT
    line,
    'pendo_visitor' AS identifier_kind,
    visitor_id AS identifier,
    as_time(timestamp) AS occurred_at,
    CASE type
        WHEN 'guideSeen' THEN 'Guide seen: '
        WHEN 'guideDismissed' THEN 'Guide dismissed: '
        WHEN 'guideActivity' THEN 'Guide clicked: '
        WHEN 'guideAdvanced' THEN 'Guide continued: '
        WHEN 'guideSnoozed' THEN 'Guide snoozed: '
        WHEN 'guideTimeout' THEN 'Guide not loaded: '
        ELSE titled(lower(regexp_replace(type, '([a-z])([A-Z])', '\1 \2', 'g'))) || ': '
    END || named_or('guide', guide_id, guide_id) AS touchpoint,
    'Product' AS touchpoint_group,
    CASE WHEN type IN ('guideSeen', 'guideTimeout') THEN 'exposure' ELSE 'action' END AS kind,
    concat_ws('|', 'guide', visitor_id, account_id, guide_id, guide_step_id, type, timestamp) AS content,
    properties_of({'country': country, 'step': guide_step_id, 'page': regexp_extract(url, '^[a-z]+://[^/]+([^?#]*)', 1)}, leftover) AS properties
FROM raw;

-- guide_event.links: one row is one visitor as the product knows them, and their account.
SELECT min(line) AS line, 'pendo_visitor' AS identifier_kind, visitor_id AS identifier,
    CASE WHEN contains(visitor_id, '@') THEN 'email' ELSE 'user' END AS other_kind, visitor_id AS other, 'same' AS tie
FROM raw
WHERE NOT starts_with(visitor_id, '_PENDO_T_')
GROUP BY visitor_id
UNION ALL
SELECT min(line), 'pendo_visitor', visitor_id, 'pendo_account', account_id, 'member' FROM raw GROUP BY visitor_id, account_id;

-- poll_event.events: one row is one answer to a poll.
SELECT
    line,
    'pendo_visitor' AS identifier_kind,
    visitor_id AS identifier,
    as_time(timestamp) AS occurred_at,
    'Poll answered: ' || named_or('poll', poll_id, poll_id) AS touchpoint,
    'Survey' AS touchpoint_group,
    concat_ws('|', 'poll', visitor_id, account_id, poll_id, timestamp) AS content,
    properties_of(
        {
            'country': country,
            'score': as_number(poll_response),
            'page': regexp_extract(url, '^[a-z]+://[^/]+([^?#]*)', 1)
        },
        leftover
    ) AS properties
FROM raw;

-- poll_event.notes: one row is one answer in words.
SELECT
    line,
    'pendo_visitor' AS identifier_kind,
    visitor_id AS identifier,
    as_time(timestamp) AS occurred_at,
    'survey' AS kind,
    poll_response AS text,
    concat_ws('|', 'poll', visitor_id, account_id, poll_id, timestamp) AS content
FROM raw
WHERE contains(trim(poll_response), ' ');

-- poll_event.links: one row is one visitor as the product knows them, and their account.
SELECT min(line) AS line, 'pendo_visitor' AS identifier_kind, visitor_id AS identifier,
    CASE WHEN contains(visitor_id, '@') THEN 'email' ELSE 'user' END AS other_kind, visitor_id AS other, 'same' AS tie
FROM raw
WHERE NOT starts_with(visitor_id, '_PENDO_T_')
GROUP BY visitor_id
UNION ALL
SELECT min(line), 'pendo_visitor', visitor_id, 'pendo_account', account_id, 'member' FROM raw GROUP BY visitor_id, account_id;

-- visitor.traits: one row is one trait of a visitor in one state.
WITH told AS (
    SELECT
        line,
        id,
        as_time(last_updated_at) AS set_at,
        [{'name': 'name', 'value': name}, {'name': 'persona', 'value': persona}, {'name': 'language', 'value': language}] AS known,
        own_traits
    FROM raw
)
SELECT line, 'pendo_visitor' AS identifier_kind, id AS identifier, set_at, trait.name AS name, trait.value AS value
FROM (SELECT line, id, set_at, unnest(known) AS trait FROM told)
UNION ALL
SELECT told.line, 'pendo_visitor', told.id, told.set_at, lower(own.key), own.value ->> '$'
FROM told, json_each(told.own_traits) AS own
WHERE own.type NOT IN ('ARRAY', 'OBJECT') AND length(own.value ->> '$') < 200 AND NOT contains(own.value ->> '$', '@');

-- visitor.links: one row is one identifier or account of a visitor.
SELECT line, 'pendo_visitor' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other, 'same' AS tie
FROM raw
UNION ALL
SELECT line, 'pendo_visitor', id, CASE WHEN contains(id, '@') THEN 'email' ELSE 'user' END, id, 'same'
FROM raw
WHERE NOT starts_with(id, '_PENDO_T_')
UNION ALL
SELECT line, 'pendo_visitor', id, 'pendo_account', account_id, 'member' FROM raw;

-- account.traits: one row is one trait of an account in one state.
WITH told AS (
    SELECT
        line,
        id,
        as_time(last_updated_at) AS set_at,
        [{'name': 'company', 'value': company}, {'name': 'plan', 'value': plan}, {'name': 'company_size', 'value': company_size}] AS known,
        own_traits
    FROM raw
)
SELECT line, 'pendo_account' AS identifier_kind, id AS identifier, set_at, trait.name AS name, trait.value AS value
FROM (SELECT line, id, set_at, unnest(known) AS trait FROM told)
UNION ALL
SELECT told.line, 'pendo_account', told.id, told.set_at, lower(own.key), own.value ->> '$'
FROM told, json_each(told.own_traits) AS own
WHERE own.type NOT IN ('ARRAY', 'OBJECT') AND length(own.value ->> '$') < 200 AND NOT contains(own.value ->> '$', '@');

-- visitor_account.links: one row is one visitor of an account.
SELECT line, 'pendo_visitor' AS identifier_kind, visitor_id AS identifier, 'pendo_account' AS other_kind, account_id AS other, 'member' AS tie
FROM raw;

-- feature.names: one row is one feature in one state.
SELECT line, 'feature' AS entity, id AS key, name AS label, as_time(last_updated_at) AS version FROM raw;

-- page.names: one row is one page in one state.
SELECT line, 'page' AS entity, id AS key, name AS label, as_time(last_updated_at) AS version FROM raw;

-- guide.names: one row is one guide in one state.
SELECT line, 'guide' AS entity, id AS key, name AS label, as_time(last_updated_at) AS version FROM raw;

-- group.names: one row is one group of features and pages.
SELECT line, 'group' AS entity, id AS key, name AS label, as_time(last_updated_at) AS version FROM raw;

-- application.names: one row is one application in one state.
SELECT line, 'application' AS entity, id AS key, display_name AS label, as_time(last_updated_at) AS version FROM raw;

-- object.names: one row is one page, feature, guide or group.
SELECT line, lower(kind) AS entity, id AS key, name AS label, as_time(last_updated_at) AS version FROM raw;

-- poll.names: one row is one poll.
SELECT line, 'poll' AS entity, id AS key, question AS label FROM raw;
