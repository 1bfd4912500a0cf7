-- Channels from origins, step by step: expressions are tried once per origin, not once per event.

-- step: renamed
-- A channel that was told as such is kept in an origin where a rule may rename it.
UPDATE event SET origin = '{"channel":' || to_json(channel) || '}'
WHERE origin IS NULL
    AND /* scope */
    AND channel IN (
        SELECT told.channel
        FROM (SELECT DISTINCT event.channel FROM event WHERE event.channel IS NOT NULL) AS told
        JOIN channel_rule
            ON channel_rule.field = 'channel' AND lower(told.channel) GLOB lower(channel_rule.pattern)
    );

-- step: origins
-- One row is one thing that visits came from.
CREATE OR REPLACE TEMP TABLE asked_origin AS
SELECT DISTINCT event.origin FROM event WHERE event.origin IS NOT NULL AND /* scope */;

-- step: told_origins
-- One row is one thing that a file's visits came from.
CREATE OR REPLACE TEMP TABLE asked_origin AS
SELECT DISTINCT told_event.origin FROM told_event WHERE told_event.origin IS NOT NULL;

-- step: tell
-- The first rule that matches says the channel.
INSERT INTO origin_channel (origin, channel)
WITH part AS (
    SELECT
        origin,
        lower(origin_source(origin)) AS source,
        lower(origin_medium(origin)) AS medium,
        lower(json_extract_string(origin, '$.campaign')) AS campaign,
        lower(json_extract_string(origin, '$.referrer')) AS referrer,
        json_extract_string(origin, '$.channel') AS told
    FROM asked_origin
),
grouped AS (
    SELECT
        *,
        CASE
            WHEN told IS NOT NULL THEN told
            WHEN coalesce(source, medium) IS NOT NULL THEN grouped_channel(source, medium, campaign)
        END AS channel
    FROM part
),
ruled AS (
    SELECT grouped.origin, arg_min(channel_rule.channel, channel_rule.position) AS channel
    FROM grouped
    JOIN channel_rule
        ON lower(CASE channel_rule.field
            WHEN 'source' THEN grouped.source
            WHEN 'medium' THEN grouped.medium
            WHEN 'campaign' THEN grouped.campaign
            WHEN 'referrer' THEN grouped.referrer
            WHEN 'channel' THEN grouped.channel
        END) GLOB lower(channel_rule.pattern)
    GROUP BY grouped.origin
)
SELECT grouped.origin, coalesce(ruled.channel, grouped.channel)
FROM grouped
LEFT JOIN ruled ON grouped.origin = ruled.origin
ORDER BY grouped.origin;

-- step: events
CREATE OR REPLACE TEMP TABLE rerouted AS
SELECT event.event_id, event.person_id, origin_channel.channel
FROM event
JOIN origin_channel ON event.origin = origin_channel.origin
WHERE /* scope */ AND event.channel IS DISTINCT FROM origin_channel.channel;

INSERT INTO touched_person SELECT DISTINCT rerouted.person_id FROM rerouted;

UPDATE event SET channel = origin_channel.channel
FROM origin_channel
WHERE event.origin = origin_channel.origin
    AND /* scope */
    AND event.channel IS DISTINCT FROM origin_channel.channel;

DROP TABLE rerouted;
