-- campaign.spend: one row is one day of one campaign.
SELECT
    line,
    TRY_CAST(date AS DATE) AS day,
    'Paid social' AS channel,
    campaign_name AS campaign,
    as_number(cost_in_usd) AS cost,
    'USD' AS currency,
    TRY_CAST(impressions AS BIGINT) AS impressions,
    TRY_CAST(clicks AS BIGINT) AS clicks
FROM raw;
