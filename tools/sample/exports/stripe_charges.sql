-- One row is one charge of one period; one in fifty fails and is charged again a day later.
WITH period AS (
    SELECT *, unnest(range(created, coalesce(canceled_at, now), seconds)) AS due FROM paid
), tried AS (
    SELECT *, 0 AS again, pick(number * 13 + due // seconds, 71, 50) = 0 AS fails FROM period
), charged AS (
    SELECT * FROM tried
    UNION ALL
    SELECT * REPLACE (due + 86400 AS due, 1 AS again, false AS fails)
    FROM tried WHERE fails AND due + 86400 < now
)
SELECT format('ch_{:06d}{:010d}', number, due) AS id, customer, id AS subscription,
    amount * quantity AS amount, 'usd' AS currency, due AS created,
    CASE WHEN fails THEN 'failed' ELSE 'succeeded' END AS status, NOT fails AS paid,
    'Tallyward ' || nickname AS description
FROM charged
ORDER BY due, number, again
