-- One row is one GA4 row before it is written: touches, and the rows that GA4 adds by itself.
CREATE OR REPLACE TABLE ga AS
WITH touch AS (
    SELECT person, journey, session, client, at_ms, touchpoint, step,
        row_number() OVER (PARTITION BY person, client, session ORDER BY at_ms) AS in_session,
        min(at_ms) OVER (PARTITION BY person, client, session) // 1000 AS session_id
    FROM event WHERE system = 0
), added AS (
    SELECT person, journey, client, at_ms, session_id, touchpoint AS shape,
        pick(person + step, 3, 6) AS variant, 1 AS rank
    FROM touch
    UNION ALL
    SELECT person, journey, client, at_ms, session_id, 100, 0, 0 FROM touch WHERE in_session = 1
    UNION ALL
    SELECT t.person, t.journey, t.client, t.at_ms, t.session_id, 101, 0, 0
    FROM touch AS t JOIN who AS w ON w.person = t.person AND w.arrival = t.at_ms
    UNION ALL
    SELECT t.person, t.journey, 2, t.at_ms + 1200000, t.at_ms // 1000 + 1200, 102, 0, 2
    FROM touch AS t JOIN who AS w ON w.person = t.person
    WHERE w.two_devices AND t.touchpoint = 14 AND t.at_ms + 1200000 < getvariable('year_end')
    UNION ALL
    SELECT -1 - b.range, NULL, 1, start + 2000 * s.range, start // 1000,
        pick(s.range, 5, 8), pick(b.range + s.range, 3, 6), 1
    FROM range(getvariable('bots')) AS b, range(60) AS s,
        LATERAL (SELECT getvariable('year_start') + (40 + 5 * b.range) * 3600000 * 24 AS start)
)
SELECT a.*, coalesce(w.signed_up_at > 0 AND a.at_ms >= w.signed_up_at, false) AS signed_in
FROM added AS a LEFT JOIN who AS w USING (person)
ORDER BY a.at_ms, a.rank, a.shape, a.person;

-- One row is the part of the line that is the same for every row of a person's device.
CREATE OR REPLACE TABLE ga_device AS
WITH device AS (
    SELECT person, 1 AS client, client_1 AS id, device, arrival, country_name, first_origin FROM who
    UNION ALL
    SELECT person, 2, client_2, device_2, arrival, country_name, first_origin
    FROM who WHERE two_devices
    UNION ALL
    SELECT -1 - range, 1, format('9{:09d}.{}', range, getvariable('year_start') // 1000), 3,
        getvariable('year_start'), 'United States', 13
    FROM range(getvariable('bots'))
)
SELECT d.person, d.client, d.id,
    format('"device":{{"category":"{}","operating_system":"{}","web_info":{{"browser":"{}"}}}},'
        || '"geo":{{"country":"{}"}},"traffic_source":{{"name":"{}","medium":"{}","source":"{}"}}',
        ['desktop', 'mobile', 'tablet', 'desktop'][d.device + 1],
        [['Windows', 'Macintosh'], ['iOS', 'Android'], ['iOS', 'Android'], ['Linux', 'Linux']]
            [d.device + 1][1 + pick(abs(d.person), 11, 2)],
        CASE WHEN d.device = 3 THEN 'HeadlessChrome'
            ELSE one_of(['Chrome', 'Safari', 'Edge', 'Firefox'], d.person, 12) END,
        d.country_name, o.campaign, o.medium, o.source) AS tail
FROM device AS d JOIN origin AS o ON o.origin = d.first_origin
ORDER BY d.person, d.client;

-- One row is the part of the line that is the same for every row of a journey.
CREATE OR REPLACE TABLE ga_journey AS
SELECT j.journey, format(',"collected_traffic_source":{{"manual_source":"{}","manual_medium":"{}"{}{}}}',
    o.source, o.medium,
    CASE WHEN o.campaign LIKE '(%' THEN '' ELSE format(',"manual_campaign_name":"{}"', o.campaign) END,
    CASE WHEN o.medium = 'cpc' THEN format(',"gclid":"Cj0KCQ{:09d}"', j.journey) ELSE '' END
    ) AS collected
FROM journey AS j JOIN origin AS o USING (origin)
ORDER BY j.journey;
