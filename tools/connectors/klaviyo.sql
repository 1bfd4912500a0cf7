-- event.events: one row is one email received (an exposure), opened, clicked or answered.
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
    CASE WHEN blank(subject) IS NOT NULL THEN to_json({'subject': subject}) END AS properties
FROM raw;

-- event.links: one row is one mailbox of a Klaviyo profile.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    'klaviyo_person' AS other_kind,
    person_id AS other
FROM raw
WHERE blank(person_id) IS NOT NULL AND blank(email) IS NOT NULL;

-- profile.traits: one row is one profile.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    as_time(created) AS set_at,
    blank(country) AS country
FROM raw;

-- profile.links: one row is one profile's mailbox.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    'klaviyo_person' AS other_kind,
    id AS other
FROM raw;
