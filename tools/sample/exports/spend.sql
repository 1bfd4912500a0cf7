-- One row of `spend` is one day of one campaign on one platform.
CREATE OR REPLACE TABLE spend AS
WITH day AS (
    SELECT unnest(range(getvariable('year_start') // 86400000, getvariable('year_end') // 86400000)) AS day
), came AS (
    SELECT j.origin, j.started_at // 86400000 AS day, count(*) AS journeys
    FROM journey AS j WHERE NOT j.addon GROUP BY ALL
), clicked AS (
    SELECT d.day, o.*, coalesce(c.journeys, 0) AS journeys,
        (coalesce(c.journeys, 0) * 1.4)::INTEGER + pick(d.day + o.origin * 17, 81, 3) AS clicks
    FROM day AS d CROSS JOIN origin AS o
    LEFT JOIN came AS c ON c.day = d.day AND c.origin = o.origin
    WHERE o.click_price > 0
)
SELECT strftime(stamp(day * 86400000), '%Y-%m-%d') AS date, source, 7000 + origin AS campaign_id,
    campaign AS campaign_name, clicks,
    clicks * (18 + pick(day, 82 + origin, 30)) + pick(day, 83, 200) AS impressions,
    round(clicks * click_price * (0.8 + pick(day, 84 + origin, 400) / 1000), 2) AS cost
FROM clicked
ORDER BY date, origin;
