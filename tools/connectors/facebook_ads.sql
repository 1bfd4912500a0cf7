-- campaign.spend: one row is one day of one campaign.
SELECT
    line,
    TRY_CAST(date_start AS DATE) AS day,
    'Paid social' AS channel,
    campaign_name AS campaign,
    as_number(spend) AS cost,
    TRY_CAST(impressions AS BIGINT) AS impressions,
    TRY_CAST(inline_link_clicks AS BIGINT) AS clicks
FROM raw;
