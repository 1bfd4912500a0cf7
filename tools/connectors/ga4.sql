-- event.events: one row is one page view or event; automatic events carry identifiers only.
WITH told AS (
    SELECT
        *,
        from_json(
            event_params,
            '[{"key":"VARCHAR","value":{"string_value":"VARCHAR","int_value":"VARCHAR","double_value":"VARCHAR"}}]'
        ) AS params
    FROM raw
    WHERE event_name IS NULL
        OR as_time(event_timestamp) IS NULL
        OR event_name NOT IN ('session_start', 'first_visit', 'login', 'user_engagement', 'scroll')
),
read AS (
    SELECT
        *,
        list_filter(params, lambda p: p.key = 'page_location')[1].value.string_value AS location,
        list_filter(params, lambda p: p.key = 'ga_session_id')[1].value.int_value AS ga_session_id,
        coalesce(
            list_filter(params, lambda p: p.key = 'step_name')[1].value.string_value,
            list_filter(params, lambda p: p.key = 'form_id')[1].value.string_value
        ) AS detail,
        as_number(coalesce(
            list_filter(params, lambda p: p.key = 'value')[1].value.double_value,
            list_filter(params, lambda p: p.key = 'value')[1].value.int_value
        )) AS amount,
        list_filter(params, lambda p: p.key = 'currency')[1].value.string_value AS currency,
        blank("collected_traffic_source.manual_source") AS own_source
    FROM told
),
placed AS (
    SELECT
        *,
        page_of(location) AS page,
        coalesce(own_source, "traffic_source.source") AS medium_source,
        CASE
            WHEN own_source IS NOT NULL THEN "collected_traffic_source.manual_medium"
            ELSE "traffic_source.medium"
        END AS medium,
        CASE
            WHEN own_source IS NOT NULL THEN "collected_traffic_source.manual_campaign_name"
            ELSE "traffic_source.name"
        END AS campaign_name
    FROM read
)
SELECT
    line,
    'ga_client' AS identifier_kind,
    user_pseudo_id AS identifier,
    as_time(event_timestamp) AS occurred_at,
    CASE event_name
        WHEN 'page_view' THEN page
        WHEN 'sign_up' THEN 'Sign-up completed'
        WHEN 'sign_up_start' THEN 'Sign-up started'
        WHEN 'sign_up_step' THEN 'Sign-up: ' || replace(coalesce(detail, 'step'), '_', ' ')
        WHEN 'generate_lead' THEN titled(coalesce(detail, 'lead'))
        WHEN 'webinar_register' THEN 'Webinar'
        ELSE titled(event_name)
    END AS touchpoint,
    CASE WHEN event_name = 'page_view' THEN split_part(page, ':', 1) END AS touchpoint_group,
    ga4_channel(medium_source, medium, "collected_traffic_source.gclid") AS channel,
    CASE WHEN campaign_name NOT LIKE '(%' THEN campaign_name END AS campaign,
    user_pseudo_id || '.' || ga_session_id AS session_id,
    amount AS value,
    currency,
    to_json({
        'device': "device.category",
        'country': "geo.country",
        'page': regexp_extract(location, '^[a-z]+://[^/]+([^?#]*)', 1)
    }) AS properties,
    CASE WHEN "device.web_info.browser" LIKE '%Headless%' THEN 'device.web_info.browser' END AS field,
    CASE WHEN "device.web_info.browser" LIKE '%Headless%' THEN 'a bot, not a person' END AS reason
FROM placed;

-- event.links: one row is one visit of a known user.
SELECT
    line,
    'ga_client' AS identifier_kind,
    user_pseudo_id AS identifier,
    'user' AS other_kind,
    user_id AS other
FROM raw
WHERE user_id IS NOT NULL;

-- event.traits: one row is one automatic event, which says where a person is.
SELECT
    line,
    'ga_client' AS identifier_kind,
    user_pseudo_id AS identifier,
    as_time(event_timestamp) AS set_at,
    "geo.country" AS visit_country
FROM raw
WHERE event_name IN ('session_start', 'first_visit', 'login', 'user_engagement', 'scroll')
    AND as_time(event_timestamp) IS NOT NULL;
