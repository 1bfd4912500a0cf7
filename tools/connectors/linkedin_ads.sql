-- campaign.spend: one row is one day of one campaign.
SELECT
    line,
    as_time("day")::DATE AS day,
    'campaign' AS level,
    'Paid social' AS channel,
    coalesce(blank(campaign_name), named('campaign', campaign_id)) AS campaign,
    coalesce(as_number(cost_in_usd), as_number(cost_in_local_currency)) AS cost,
    CASE WHEN as_number(cost_in_usd) IS NOT NULL THEN 'USD' ELSE upper(blank(currency)) END AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    campaign_id AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- creative.spend: one row is one day of one creative.
SELECT
    line,
    as_time("day")::DATE AS day,
    'ad' AS level,
    'Paid social' AS channel,
    coalesce(blank(campaign_name), named('creative', creative_id)) AS campaign,
    coalesce(as_number(cost_in_usd), as_number(cost_in_local_currency)) AS cost,
    CASE WHEN as_number(cost_in_usd) IS NOT NULL THEN 'USD' ELSE upper(blank(currency)) END AS currency,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    creative_id AS content,
    as_time(_fivetran_synced) AS version
FROM raw;

-- api.spend: one row is one day of one campaign or creative, as the API tells it.
SELECT
    line,
    make_date(
        TRY_CAST("dateRange.start.year" AS BIGINT),
        TRY_CAST("dateRange.start.month" AS BIGINT),
        TRY_CAST("dateRange.start.day" AS BIGINT)
    ) AS day,
    CASE WHEN contains(pivotValues, 'Creative') THEN 'ad' ELSE 'campaign' END AS level,
    'Paid social' AS channel,
    CASE
        WHEN contains(pivotValues, 'Creative') THEN named('creative', regexp_extract(pivotValues, '(\d+)', 1))
        ELSE named('campaign', regexp_extract(pivotValues, '(\d+)', 1))
    END AS campaign,
    as_number(costInLocalCurrency) AS cost,
    as_number(impressions)::BIGINT AS impressions,
    as_number(clicks)::BIGINT AS clicks,
    pivotValues AS content
FROM raw;

-- campaign_history.names: one row is one state of a campaign.
SELECT line, 'campaign' AS entity, id AS key, name AS label, as_time(last_modified_time) AS version
FROM raw;

-- campaign_group_history.names: one row is one state of a group of campaigns.
SELECT line, 'campaign_group' AS entity, id AS key, name AS label, as_time(last_modified_time) AS version
FROM raw;

-- creative_history.names: one row is one creative, which goes by the name of its campaign.
SELECT line, 'creative' AS entity, id AS key, named('campaign', campaign_id) AS label,
    as_time(last_modified_at) AS version
FROM raw;

-- account_history.names: one row is one state of an account.
SELECT line, 'account' AS entity, id AS key, name AS label, as_time(last_modified_time) AS version
FROM raw;

-- geo.names: one row is one place.
SELECT line, 'place' AS entity, id AS key, value AS label
FROM raw;
