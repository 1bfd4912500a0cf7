-- One row is one subscription with its plan, and when it was cancelled.
CREATE OR REPLACE TABLE paid AS
WITH bought AS (
    SELECT e.person, e.at_ms // 1000 AS created, w.employees,
        row_number() OVER (ORDER BY e.at_ms, e.person) AS number,
        CASE WHEN w.employees < 25 THEN 1 WHEN w.employees < 400 THEN 2 ELSE 3 END AS plan,
        CASE WHEN pick(e.person, 61, 4) = 0 THEN 'year' ELSE 'month' END AS span
    FROM event AS e JOIN who AS w ON w.person = e.person
    WHERE e.touchpoint = 23
), priced AS (
    SELECT *, ['Starter', 'Team', 'Business'][plan] AS nickname,
        [4900, 1900, 3900][plan] * CASE span WHEN 'year' THEN 10 ELSE 1 END AS amount,
        CASE plan WHEN 1 THEN 1 ELSE 2 + pick(person, 62, 8) * plan END AS quantity,
        created + (30 + pick(person, 63, 220)) * 86400 AS leaves_at,
        getvariable('year_end') // 1000 AS now
    FROM bought
)
SELECT *, format('sub_{:06d}', number) AS id, format('cus_{:07d}', person) AS customer,
    CASE WHEN pick(person, 64, 4) = 0 AND leaves_at < now THEN leaves_at END AS canceled_at,
    CASE span WHEN 'year' THEN 365 ELSE 30 END * 86400 AS seconds
FROM priced
ORDER BY number;
