-- One row is one day of one Google campaign.
SELECT date, 4100200300 AS customer_id, campaign_id, campaign_name,
    (cost * 1000000)::BIGINT AS cost_micros, impressions, clicks
FROM spend WHERE source = 'google' ORDER BY date, campaign_id
