-- campaign.spend: one row is one day of one campaign, device and network.
SELECT
    line,
    as_time("date")::DATE AS day,
    'campaign' AS level,
    CASE
        WHEN regexp_matches(advertising_channel_type, '(?i)display') THEN 'Display'
        WHEN regexp_matches(advertising_channel_type, '(?i)video') THEN 'Paid video'
        WHEN regexp_matches(advertising_channel_type, '(?i)shopping') THEN 'Paid shopping'
        WHEN regexp_matches(advertising_channel_type, '(?i)performance.?max') THEN 'Cross-network'
        ELSE 'Paid search'
    END AS channel,
    coalesce(blank(campaign_name), named('campaign', campaign_id)) AS campaign,
    coalesce(as_number(cost), as_number(cost_micros) / 1e6) AS cost,
    upper(blank(currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    concat_ws('|', customer_id, campaign_id, campaign_name, device, ad_network_type) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- campaign_stats.spend: one row is one day of one campaign, device and network.
SELECT
    line,
    as_time("date")::DATE AS day,
    'campaign' AS level,
    'Paid search' AS channel,
    coalesce(blank(campaign_name), named('campaign', id)) AS campaign,
    coalesce(as_number(cost), as_number(cost_micros) / 1e6) AS cost,
    upper(blank(currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    concat_ws('|', customer_id, id, device, ad_network_type) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- ad_group_stats.spend: one row is one day of one ad group, device and network.
SELECT
    line,
    as_time("date")::DATE AS day,
    'ad_group' AS level,
    'Paid search' AS channel,
    coalesce(blank(campaign_name), named('campaign', campaign_id)) AS campaign,
    coalesce(as_number(cost), as_number(cost_micros) / 1e6) AS cost,
    upper(blank(currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    concat_ws('|', customer_id, campaign_id, id, device, ad_network_type) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- ad_stats.spend: one row is one day of one ad, device and network.
SELECT
    line,
    as_time("date")::DATE AS day,
    'ad' AS level,
    'Paid search' AS channel,
    coalesce(blank(campaign_name), named('campaign', campaign_id)) AS campaign,
    coalesce(as_number(cost), as_number(cost_micros) / 1e6) AS cost,
    upper(blank(currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    concat_ws('|', customer_id, campaign_id, ad_id, keyword_ad_group_criterion, device, ad_network_type) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- keyword_stats.spend: one row is one day of one keyword, device and network.
SELECT
    line,
    as_time("date")::DATE AS day,
    'keyword' AS level,
    'Paid search' AS channel,
    coalesce(blank(campaign_name), named('campaign', campaign_id)) AS campaign,
    coalesce(as_number(cost), as_number(cost_micros) / 1e6) AS cost,
    upper(blank(currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    concat_ws('|', customer_id, campaign_id, ad_group_id, ad_group_criterion_criterion_id, device, ad_network_type) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- account_stats.spend: one row is one day of one account, device and network.
SELECT
    line,
    as_time("date")::DATE AS day,
    'account' AS level,
    'Paid search' AS channel,
    NULL::VARCHAR AS campaign,
    coalesce(as_number(cost), as_number(cost_micros) / 1e6) AS cost,
    upper(blank(currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    concat_ws('|', customer_id, device, ad_network_type) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- campaign_history.names: one row is one state of a campaign.
SELECT line, 'campaign' AS entity, id AS key, name AS label, as_time(updated_at) AS version
FROM raw;

-- ad_group_history.names: one row is one state of an ad group, with the name of its campaign.
SELECT line, 'campaign' AS entity, campaign_id AS key, campaign_name AS label, as_time(updated_at) AS version
FROM raw;

-- click.traits: one row is one click on an ad; a visit that shows its gclid tells the time and the person.
SELECT
    line, 'gclid' AS identifier_kind, gclid AS identifier, as_time("date") AS set_at,
    blank(campaign_name) AS ad_campaign,
    blank(ad_group_name) AS ad_group
FROM raw;
