-- campaign.spend: one row is one day of one campaign.
SELECT
    line,
    TRY_CAST(date AS DATE) AS day,
    'Paid search' AS channel,
    campaign_name AS campaign,
    as_number(cost_micros) / 1e6 AS cost,
    TRY_CAST(impressions AS BIGINT) AS impressions,
    TRY_CAST(clicks AS BIGINT) AS clicks
FROM raw;
