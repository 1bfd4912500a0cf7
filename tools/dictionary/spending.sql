-- One row is one day of a source that may read otherwise now.
CREATE OR REPLACE TEMP TABLE spend_day AS
SELECT DISTINCT source, day FROM touched_spend
UNION
SELECT DISTINCT source, day FROM spend_row WHERE $everything OR contains(told_campaign, chr(57344));

-- One row is one day's cost of a campaign, at the coarsest level that names campaigns.
CREATE OR REPLACE TEMP TABLE told_spend_day AS
WITH placed AS (
    SELECT
        spend_row.*,
        told_text.text AS campaign,
        coalesce(list_position(['campaign', 'ad_group', 'ad', 'keyword', 'account'], spend_row.level), 4) AS coarseness
    FROM spend_row
    JOIN spend_day ON spend_row.source = spend_day.source AND spend_row.day = spend_day.day
    JOIN told_text ON spend_row.source = told_text.source AND spend_row.told_campaign = told_text.told
),
best AS (
    SELECT source, day, min(coarseness) AS coarseness FROM placed GROUP BY source, day
),
ruled AS (
    SELECT DISTINCT
        placed.channel,
        placed.campaign,
        arg_min(channel_rule.channel, channel_rule.position) AS ruled_channel
    FROM (SELECT DISTINCT channel, campaign FROM placed) AS placed
    JOIN channel_rule
        ON lower(CASE channel_rule.field
            WHEN 'channel' THEN placed.channel
            WHEN 'campaign' THEN placed.campaign
        END) GLOB lower(channel_rule.pattern)
    GROUP BY placed.channel, placed.campaign
),
channelled AS (
    SELECT placed.* REPLACE (coalesce(ruled.ruled_channel, placed.channel) AS channel)
    FROM placed
    JOIN best
        ON placed.source = best.source AND placed.day = best.day AND placed.coarseness = best.coarseness
    LEFT JOIN ruled
        ON placed.channel IS NOT DISTINCT FROM ruled.channel AND placed.campaign = ruled.campaign
)
SELECT
    (md5_number_lower(concat_ws(
        chr(31), source, day, coalesce(channel, ''), campaign, coalesce(currency, '')
    )) >> 1)::BIGINT AS spend_id,
    day,
    source,
    channel,
    campaign,
    sum(cost ORDER BY cost, spend_row_id) AS cost,
    currency,
    sum(impressions)::BIGINT AS impressions,
    sum(clicks)::BIGINT AS clicks,
    max(load_id) AS load_id
FROM channelled
GROUP BY day, source, channel, campaign, currency;

DELETE FROM spend
WHERE (source, day) IN (SELECT (spend_day.source, spend_day.day) FROM spend_day)
    AND (spend_id, cost, coalesce(impressions, -1), coalesce(clicks, -1)) NOT IN (
        SELECT (
            told_spend_day.spend_id, told_spend_day.cost,
            coalesce(told_spend_day.impressions, -1), coalesce(told_spend_day.clicks, -1)
        )
        FROM told_spend_day
    );

INSERT INTO spend (spend_id, day, source, channel, campaign, cost, currency, impressions, clicks, load_id)
SELECT spend_id, day, source, channel, campaign, cost, currency, impressions, clicks, load_id
FROM told_spend_day
WHERE spend_id NOT IN (SELECT spend.spend_id FROM spend)
ORDER BY day, spend_id;

DROP TABLE spend_day;

DROP TABLE told_spend_day;
