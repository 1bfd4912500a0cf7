-- One row is one day of one Facebook campaign.
SELECT date AS date_start, date AS date_stop, campaign_id, campaign_name, cost AS spend, impressions,
    clicks AS inline_link_clicks
FROM spend WHERE source = 'facebook' ORDER BY date, campaign_id
