-- One row is one day of one LinkedIn campaign.
SELECT date, campaign_id, campaign_name, cost AS cost_in_usd, impressions, clicks
FROM spend WHERE source = 'linkedin' ORDER BY date, campaign_id
