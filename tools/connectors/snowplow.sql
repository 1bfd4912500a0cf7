-- event.events: one row is one page that was viewed or one event; a ping tells of a page only where no view does.
WITH told AS (
    SELECT
        line, event, event_name, domain_userid, user_id, network_userid, domain_sessionid, event_id, collector_tstamp,
        coalesce(true_tstamp, derived_tstamp, dvce_created_tstamp, collector_tstamp) AS tstamp,
        page_url, page_title, page_referrer, mkt_source, mkt_medium, mkt_campaign, mkt_clickid,
        se_category, se_action, se_label, se_property, se_value, tr_orderid, tr_total, tr_total_base, tr_currency, base_currency,
        ti_orderid, ti_name, ti_category, dvce_type, dvce_ismobile, geo_country, geo_city, br_family, os_family, app_id, platform,
        unstruct_event, own_properties, leftover,
        coalesce(
            regexp_extract(web_page, '"id"\s*:\s*"([^"]+)"', 1),
            web_page,
            nullif(regexp_extract(contexts, 'web_page/jsonschema/[^"]*"\s*,\s*"data"\s*:\s*\{\s*"id"\s*:\s*"([^"]+)"', 1), '')
        ) AS page_view_id,
        coalesce(contains(robot, '"spiderOrRobot":true'), contains(derived_contexts, '"spiderOrRobot":true')) AS is_robot
    FROM raw
),
viewed AS (
    SELECT *, CASE WHEN event IN ('page_view', 'page_ping') THEN page_view_id END AS view_id FROM told
)
SELECT
    line,
    CASE
        WHEN domain_userid IS NOT NULL THEN 'snowplow_cookie'
        WHEN contains(user_id, '@') THEN 'email'
        WHEN user_id IS NOT NULL THEN 'user'
        ELSE 'snowplow_network_cookie'
    END AS identifier_kind,
    coalesce(domain_userid, user_id, network_userid) AS identifier,
    as_time(tstamp) AS occurred_at,
    CASE
        WHEN event IN ('page_view', 'page_ping') THEN coalesce(page_of(page_url), 'Viewed page: ' || page_title, 'Page view')
        WHEN event IN ('struct', 'se') THEN concat_ws(': ', titled(se_category), titled(se_action))
        WHEN event = 'transaction' THEN 'Order'
        WHEN event = 'transaction_item' THEN 'Order item'
        ELSE titled(coalesce(event_name, nullif(regexp_extract(unstruct_event, '"iglu:[^/]+/([^/]+)/jsonschema/[^"]*"\s*,\s*"data"\s*:\s*\{[^{}]*\}\s*\}\s*\}$', 1), ''), event))
    END AS touchpoint,
    CASE
        WHEN event IN ('page_view', 'page_ping') THEN NULL
        WHEN event = 'transaction' THEN 'Revenue'
        ELSE 'Web'
    END AS touchpoint_group,
    origin_of(
        mkt_source, mkt_medium, mkt_campaign, page_referrer,
        CASE WHEN mkt_clickid IS NULL OR contains(page_url, mkt_clickid) THEN page_url ELSE concat(page_url, '#gclid=', mkt_clickid) END
    ) AS origin,
    mkt_campaign AS campaign,
    domain_sessionid AS session_id,
    CASE WHEN event = 'transaction' THEN as_number(coalesce(tr_total, tr_total_base)) END AS value,
    CASE WHEN event = 'transaction' THEN coalesce(tr_currency, base_currency) END AS currency,
    coalesce('view ' || view_id || concat(' ', domain_sessionid), event_id) AS content,
    -- Of a page's views the first stands, before its pings; of an event's copies the first that was collected.
    make_timestamp(
        CASE WHEN event = 'page_view' THEN 4611686018427387 ELSE 0 END
        - epoch_us(as_time(CASE WHEN view_id IS NULL THEN collector_tstamp ELSE tstamp END)) // 1000
    ) AS version,
    properties_of(
        {
            'device': coalesce(dvce_type, CASE WHEN is_yes(dvce_ismobile) THEN 'mobile' END),
            'country': geo_country,
            'city': geo_city,
            'browser': br_family,
            'os': os_family,
            'app': app_id,
            'platform': platform,
            'page': regexp_extract(page_url, '^[a-z]+://[^/]+([^?#]*)', 1),
            'label': se_label,
            'property': se_property,
            'value': se_value,
            'order': coalesce(tr_orderid, ti_orderid),
            'item': ti_name,
            'category': ti_category
        },
        CASE
            WHEN unstruct_event IS NULL THEN own_properties
            ELSE json_merge_patch(coalesce(own_properties, '{}'), coalesce(unstruct_event -> '$.data.data', '{}'))::VARCHAR
        END
    ) AS properties,
    CASE WHEN is_robot THEN 'contexts' END AS field,
    CASE WHEN is_robot THEN 'a bot, not a person' END AS reason
FROM viewed
WHERE event IS NULL OR event <> 'page_ping' OR view_id IS NOT NULL;

-- event.links: one row is one pair of a browser and a known user, an order, or one ping of an unknown page.
SELECT min(line) AS line, 'snowplow_cookie' AS identifier_kind, domain_userid AS identifier,
    CASE WHEN contains(user_id, '@') THEN 'email' ELSE 'user' END AS other_kind, user_id AS other, 'same' AS tie
FROM raw
WHERE domain_userid IS NOT NULL AND user_id IS NOT NULL
GROUP BY domain_userid, user_id
UNION ALL
SELECT min(line), 'order', tr_orderid, 'snowplow_cookie', domain_userid, 'part'
FROM raw
WHERE tr_orderid IS NOT NULL AND domain_userid IS NOT NULL
GROUP BY tr_orderid, domain_userid
UNION ALL
SELECT line, 'snowplow_cookie', domain_userid, 'snowplow_cookie', domain_userid, 'same' FROM raw WHERE event = 'page_ping';
