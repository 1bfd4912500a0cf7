-- event.events: one row is one page view or event; what only says that a visitor is there is none.
WITH parsed AS (
    SELECT
        line, user_pseudo_id, user_id, event_name, event_timestamp, event_bundle_sequence_id, event_params,
        batch_page_id, batch_ordering_id, batch_event_index, leftover,
        "device.category" AS device, "device.operating_system" AS system, "device.web_info.browser" AS browser,
        told_or_null("geo.country") AS country, told_or_null("geo.city") AS city, "app_info.version" AS app_version,
        page_location, page_title, page_referrer, ga_session_id, ga_session_number,
        param_value, param_currency, param_source, param_medium, param_campaign,
        coalesce("collected_traffic_source.gclid", param_gclid) AS gclid,
        "ecommerce.transaction_id" AS transaction_id,
        "ecommerce.purchase_revenue" AS revenue, "ecommerce.purchase_revenue_in_usd" AS revenue_in_usd,
        "ecommerce.refund_value" AS refund, "ecommerce.refund_value_in_usd" AS refund_in_usd,
        "ecommerce.total_item_quantity" AS quantity,
        CASE WHEN items[1] = '[' THEN items ->> '$[0].item_name' END AS item,
        "session_traffic_source_last_click.cross_channel_campaign.source" AS session_source,
        "session_traffic_source_last_click.cross_channel_campaign.medium" AS session_medium,
        coalesce(
            "session_traffic_source_last_click.cross_channel_campaign.campaign_name",
            "session_traffic_source_last_click.google_ads_campaign.campaign_name"
        ) AS session_campaign,
        blank("collected_traffic_source.manual_source") AS own_source,
        "collected_traffic_source.manual_medium" AS own_medium,
        "collected_traffic_source.manual_campaign_name" AS own_campaign,
        "traffic_source.source" AS first_source, "traffic_source.medium" AS first_medium, "traffic_source.name" AS first_campaign,
        from_json(
            event_params,
            '[{"key":"VARCHAR","value":{"string_value":"VARCHAR","int_value":"VARCHAR","double_value":"VARCHAR","float_value":"VARCHAR"}}]'
        ) AS params
    FROM raw
    WHERE event_name IS NULL
        OR event_name NOT IN ('session_start', 'first_visit', 'login', 'user_engagement', 'scroll')
        OR coalesce(make_timestamp(TRY_CAST(event_timestamp AS BIGINT)), as_time(event_timestamp)) IS NULL
),
listed AS (
    SELECT
        *,
        list_transform(params, lambda p: p.key) AS keys,
        list_transform(
            params,
            lambda p: coalesce(p.value.string_value, p.value.int_value, p.value.double_value, p.value.float_value)
        ) AS told
    FROM parsed
),
read AS (
    SELECT
        *,
        coalesce(page_location, told[list_position(keys, 'page_location')]) AS location,
        coalesce(page_referrer, told[list_position(keys, 'page_referrer')]) AS referrer,
        coalesce(page_title, told[list_position(keys, 'page_title')]) AS title,
        coalesce(
            told[list_position(keys, 'firebase_screen')],
            told[list_position(keys, 'firebase_screen_class')]
        ) AS screen,
        coalesce(ga_session_id, told[list_position(keys, 'ga_session_id')]) AS visit,
        coalesce(ga_session_number, told[list_position(keys, 'ga_session_number')]) AS visit_number,
        coalesce(told[list_position(keys, 'step_name')], told[list_position(keys, 'form_id')]) AS detail,
        coalesce(param_value, told[list_position(keys, 'value')]) AS amount,
        coalesce(param_currency, told[list_position(keys, 'currency')]) AS amount_currency,
        coalesce(transaction_id, told[list_position(keys, 'transaction_id')]) AS order_id,
        coalesce(param_source, told[list_position(keys, 'source')]) AS hit_source,
        coalesce(param_medium, told[list_position(keys, 'medium')]) AS hit_medium,
        coalesce(param_campaign, told[list_position(keys, 'campaign')]) AS hit_campaign,
        coalesce(gclid, told[list_position(keys, 'gclid')]) AS click,
        list_filter(
            params,
            lambda p: p.key NOT IN (
                'page_location', 'page_referrer', 'page_title', 'ga_session_id', 'ga_session_number', 'session_engaged',
                'engaged_session_event', 'engagement_time_msec', 'entrances', 'ignore_referrer', 'source', 'medium',
                'campaign', 'term', 'content', 'gclid', 'dclid', 'srsltid', 'value', 'currency', 'transaction_id',
                'firebase_screen', 'firebase_screen_class', 'firebase_screen_id', 'firebase_previous_class',
                'firebase_previous_id', 'firebase_previous_screen', 'firebase_event_origin', 'firebase_conversion',
                'batch_page_id', 'batch_ordering_id', 'campaign_id', 'debug_mode', 'synthetic_bundle'
            ) AND p.value IS NOT NULL
        ) AS own_params
    FROM listed
),
placed AS (
    SELECT
        *,
        coalesce(page_of(location), 'Viewed page: ' || title, 'Page view') AS page,
        CASE
            WHEN session_source IS NOT NULL THEN 3
            WHEN own_source IS NOT NULL THEN 2
            WHEN hit_source IS NOT NULL OR hit_medium IS NOT NULL OR contains(location, 'utm_') THEN 1
            -- The user's first source is this visit's only where this is the first visit.
            WHEN coalesce(visit_number, '1') = '1' AND contains(referrer, '.') IS NOT TRUE THEN 0
        END AS generation,
        CASE
            WHEN event_name = 'refund' THEN -as_number(coalesce(refund, amount, refund_in_usd))
            WHEN event_name NOT IN (
                'view_item', 'view_item_list', 'select_item', 'add_to_cart', 'remove_from_cart', 'view_cart',
                'add_to_wishlist', 'begin_checkout', 'add_shipping_info', 'add_payment_info', 'view_promotion',
                'select_promotion', 'page_view', 'screen_view', 'generate_lead', 'qualify_lead', 'disqualify_lead',
                'working_lead', 'ad_impression'
            ) THEN nullif(as_number(coalesce(revenue, amount, revenue_in_usd)), 0)
        END AS money
    FROM read
)
SELECT
    line,
    CASE WHEN user_pseudo_id IS NULL THEN 'user' ELSE 'ga_client' END AS identifier_kind,
    coalesce(user_pseudo_id, user_id) AS identifier,
    coalesce(make_timestamp(TRY_CAST(event_timestamp AS BIGINT)), as_time(event_timestamp)) AS occurred_at,
    CASE event_name
        WHEN 'page_view' THEN page
        WHEN 'screen_view' THEN coalesce('Viewed screen: ' || screen, 'Screen view')
        WHEN 'sign_up' THEN 'Sign-up completed'
        WHEN 'sign_up_start' THEN 'Sign-up started'
        WHEN 'sign_up_step' THEN 'Sign-up: ' || replace(coalesce(detail, 'step'), '_', ' ')
        WHEN 'generate_lead' THEN titled(coalesce(detail, 'lead'))
        WHEN 'webinar_register' THEN 'Webinar'
        ELSE titled(event_name)
    END AS touchpoint,
    CASE
        WHEN event_name IN ('purchase', 'refund', 'in_app_purchase', 'ecommerce_purchase') THEN 'Revenue'
        WHEN event_name <> 'page_view' THEN 'Web'
    END AS touchpoint_group,
    CASE
        WHEN event_name IN ('view_promotion', 'ad_impression', 'notification_receive') THEN 'exposure'
        ELSE 'action'
    END AS kind,
    origin_of(
        CASE generation WHEN 3 THEN session_source WHEN 2 THEN own_source WHEN 1 THEN hit_source WHEN 0 THEN first_source END,
        CASE generation WHEN 3 THEN session_medium WHEN 2 THEN own_medium WHEN 1 THEN hit_medium WHEN 0 THEN first_medium END,
        CASE generation WHEN 3 THEN session_campaign WHEN 2 THEN own_campaign WHEN 1 THEN hit_campaign WHEN 0 THEN first_campaign END,
        referrer,
        CASE WHEN click IS NULL THEN location ELSE concat(location, '#gclid=', click) END
    ) AS origin,
    CASE
        WHEN CASE generation WHEN 3 THEN session_campaign WHEN 2 THEN own_campaign WHEN 1 THEN hit_campaign WHEN 0 THEN first_campaign END
            NOT LIKE '(%'
        THEN CASE generation WHEN 3 THEN session_campaign WHEN 2 THEN own_campaign WHEN 1 THEN hit_campaign WHEN 0 THEN first_campaign END
    END AS campaign,
    coalesce(user_pseudo_id, user_id) || '.' || visit AS session_id,
    money AS value,
    CASE
        WHEN money IS NULL THEN NULL
        WHEN coalesce(revenue, refund, amount) IS NULL THEN 'USD'
        ELSE amount_currency
    END AS currency,
    concat_ws(
        '.', coalesce(user_pseudo_id, user_id), event_timestamp, event_name, event_bundle_sequence_id, batch_page_id,
        batch_ordering_id, coalesce(batch_event_index, array_to_string(told, '|'))
    ) AS content,
    -- The day's export knows the visit's source, which the one within the day does not.
    CASE WHEN session_source IS NOT NULL THEN TIMESTAMP '1970-01-01 00:00:01' END AS version,
    properties_of(
        {
            'device': device,
            'country': country,
            'city': city,
            'browser': browser,
            'system': system,
            'app_version': app_version,
            'page': regexp_extract(location, '^[a-z]+://[^/]+([^?#]*)', 1),
            'order': told_or_null(order_id),
            'item': told_or_null(item),
            'items': nullif(quantity, '0'),
            'price': CASE WHEN event_name IN ('view_item', 'add_to_cart', 'begin_checkout', 'view_cart') THEN amount END
        },
        replace(
            CASE
                WHEN len(own_params) = 0 OR own_params IS NULL THEN leftover
                ELSE concat(coalesce(left(leftover, -1) || ',', '{'), array_to_string(list_transform(
                    own_params,
                    lambda p: to_json(p.key) || ':'
                        || coalesce(to_json(coalesce(p.value.string_value, p.value.int_value, p.value.double_value, p.value.float_value)), 'null')
                ), ','), '}')
            END,
            '"param_', '"'
        )
    ) AS properties,
    CASE WHEN browser LIKE '%Headless%' THEN 'device.web_info.browser' END AS field,
    CASE WHEN browser LIKE '%Headless%' THEN 'a bot, not a person' END AS reason
FROM placed;

-- event.links: one row is one pair of a browser and a known user, a click or an order, or one row that says only who is there.
SELECT min(line) AS line, 'ga_client' AS identifier_kind, user_pseudo_id AS identifier, 'user' AS other_kind, user_id AS other, 'same' AS tie
FROM raw
WHERE user_id IS NOT NULL AND user_pseudo_id IS NOT NULL
GROUP BY user_pseudo_id, user_id
UNION ALL
SELECT min(line), 'gclid', coalesce("collected_traffic_source.gclid", param_gclid), 'ga_client', user_pseudo_id, 'part'
FROM raw
WHERE coalesce("collected_traffic_source.gclid", param_gclid) IS NOT NULL
GROUP BY user_pseudo_id, coalesce("collected_traffic_source.gclid", param_gclid)
UNION ALL
SELECT min(line), 'order', order_id, 'ga_client', user_pseudo_id, 'part'
FROM (
    SELECT
        line,
        user_pseudo_id,
        coalesce("ecommerce.transaction_id", list_filter(
            from_json(event_params, '[{"key":"VARCHAR","value":{"string_value":"VARCHAR"}}]'),
            lambda p: p.key = 'transaction_id'
        )[1].value.string_value) AS order_id
    FROM raw
    WHERE event_name IN ('purchase', 'refund')
)
WHERE order_id <> '(not set)'
GROUP BY user_pseudo_id, order_id
UNION ALL
SELECT
    line,
    CASE WHEN user_pseudo_id IS NULL THEN 'user' ELSE 'ga_client' END,
    coalesce(user_pseudo_id, user_id),
    CASE WHEN user_pseudo_id IS NULL THEN 'user' ELSE 'ga_client' END,
    coalesce(user_pseudo_id, user_id),
    'same'
FROM raw
WHERE event_name IN ('session_start', 'first_visit', 'login', 'user_engagement', 'scroll');

-- event.traits: one row is one trait of a visitor, with when it was last told.
SELECT
    min(line) AS line,
    'ga_client' AS identifier_kind,
    user_pseudo_id AS identifier,
    max(as_time(event_timestamp)) AS set_at,
    'visit_country' AS name,
    "geo.country" AS value
FROM raw
WHERE event_name IN ('session_start', 'first_visit', 'login', 'user_engagement', 'scroll')
    AND told_or_null("geo.country") IS NOT NULL AND user_pseudo_id IS NOT NULL
GROUP BY user_pseudo_id, "geo.country"
UNION ALL
SELECT
    line, 'ga_client', user_pseudo_id, set_at, property.key,
    coalesce(property.value.string_value, property.value.int_value, property.value.double_value, property.value.float_value)
FROM (
    -- Every event repeats what is known of its user, which seldom changes.
    SELECT
        min(line) AS line,
        user_pseudo_id,
        max(as_time(event_timestamp)) AS set_at,
        unnest(from_json(
            user_properties,
            '[{"key":"VARCHAR","value":{"string_value":"VARCHAR","int_value":"VARCHAR","double_value":"VARCHAR","float_value":"VARCHAR"}}]'
        )) AS property
    FROM raw
    WHERE user_properties <> '[]' AND user_pseudo_id IS NOT NULL
    GROUP BY user_pseudo_id, user_properties
)
WHERE property.key NOT IN ('ga_session_id', 'ga_session_number', 'first_open_time', 'user_id', '_ltv_USD');

-- user.traits: one row is one trait of a user, as the users' export tells it.
WITH told AS (
    SELECT
        line,
        CASE WHEN pseudo_user_id IS NULL THEN 'user' ELSE 'ga_client' END AS identifier_kind,
        coalesce(pseudo_user_id, user_id) AS identifier,
        as_time("user_info.last_active_timestamp_micros") AS set_at,
        "geo.country" AS country,
        "geo.city" AS city,
        "device.category" AS device,
        from_json(user_properties, '[{"key":"VARCHAR","value":{"string_value":"VARCHAR","user_property_name":"VARCHAR"}}]') AS own
    FROM raw
)
SELECT line, identifier_kind, identifier, set_at, 'visit_country' AS name, country AS value FROM told
UNION ALL
SELECT line, identifier_kind, identifier, set_at, 'city', city FROM told
UNION ALL
SELECT line, identifier_kind, identifier, set_at, 'device', device FROM told
UNION ALL
SELECT line, identifier_kind, identifier, set_at, coalesce(property.value.user_property_name, property.key), property.value.string_value
FROM (SELECT line, identifier_kind, identifier, set_at, unnest(own) AS property FROM told);

-- user.links: one row is one user's browser.
SELECT line, 'ga_client' AS identifier_kind, coalesce(pseudo_user_id, user_id) AS identifier,
    CASE WHEN user_id IS NULL THEN 'ga_client' ELSE 'user' END AS other_kind, coalesce(user_id, pseudo_user_id) AS other
FROM raw
WHERE pseudo_user_id IS NOT NULL;
