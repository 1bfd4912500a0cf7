-- campaign.spend: one row is one day of one campaign.
SELECT
    line,
    as_time(date_start)::DATE AS day,
    'campaign' AS level,
    'Paid social' AS channel,
    coalesce(blank(campaign_name), named('campaign', campaign_id)) AS campaign,
    as_number(spend) AS cost,
    upper(blank(account_currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(coalesce(inline_link_clicks, clicks))::BIGINT AS clicks,
    concat_ws('|', account_id, campaign_id, campaign_name, publisher_platform) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- ad_set.spend: one row is one day of one ad set.
SELECT
    line,
    as_time(date_start)::DATE AS day,
    'ad_group' AS level,
    'Paid social' AS channel,
    coalesce(blank(campaign_name), named('campaign', campaign_id), named('ad_set', adset_id)) AS campaign,
    as_number(spend) AS cost,
    upper(blank(account_currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(coalesce(inline_link_clicks, clicks))::BIGINT AS clicks,
    concat_ws('|', account_id, adset_id, publisher_platform) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- ad.spend: one row is one day of one ad.
SELECT
    line,
    as_time(date_start)::DATE AS day,
    'ad' AS level,
    'Paid social' AS channel,
    coalesce(blank(campaign_name), named('campaign', campaign_id), named('ad', ad_id)) AS campaign,
    as_number(spend) AS cost,
    upper(blank(account_currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(coalesce(inline_link_clicks, clicks))::BIGINT AS clicks,
    concat_ws('|', account_id, ad_id, publisher_platform) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- country.spend: one row is one day of one account and country.
SELECT
    line,
    as_time(date_start)::DATE AS day,
    'account' AS level,
    'Paid social' AS channel,
    NULL::VARCHAR AS campaign,
    as_number(spend) AS cost,
    upper(blank(account_currency)) AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(coalesce(inline_link_clicks, clicks))::BIGINT AS clicks,
    concat_ws('|', account_id, country, publisher_platform) AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- ad_history.names: one row is one ad, which goes by the name of its campaign.
SELECT line, 'ad' AS entity, id AS key, named('campaign', campaign_id) AS label, as_time(updated_time) AS version
FROM raw;

-- ad_set_history.names: one row is one ad set, which goes by the name of its campaign.
SELECT line, 'ad_set' AS entity, id AS key, named('campaign', campaign_id) AS label, as_time(updated_time) AS version
FROM raw;

-- campaign_history.names: one row is one state of a campaign.
SELECT line, 'campaign' AS entity, id AS key, name AS label, as_time(updated_time) AS version
FROM raw;

-- account_history.names: one row is one account.
SELECT line, 'account' AS entity, id AS key, name AS label
FROM raw;
