-- One row is one channel or campaign that money was spent on, in one currency.
WITH counted AS (
    SELECT
        CASE $by WHEN 'campaign' THEN spend.campaign ELSE spend.channel END AS name,
        coalesce(spend.currency, '') AS currency,
        CAST(sum(CAST(spend.cost AS DECIMAL(28, 8))) AS DOUBLE) AS cost
    FROM spend
    WHERE spend.day >= $since_day AND spend.day <= $until_day
    GROUP BY ALL
)
SELECT counted.name, counted.currency, counted.cost
FROM counted
ORDER BY counted.name NULLS FIRST, counted.currency
