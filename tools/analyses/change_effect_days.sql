-- One row is one day: the people who began a journey on it, and how many of those old enough to judge converted.
WITH began AS (
    SELECT
        CAST(scoped_journey.started_at AS DATE) AS day,
        scoped_journey.person_id,
        scoped_journey.mature,
        scoped_journey.mature AND scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.is_first
            OR CAST(scoped_journey.previous_at AS DATE) < CAST(scoped_journey.started_at AS DATE)
            AS is_days_first,
        scoped_journey.previous_at <= $open_since AS is_persons_first_young
    FROM scoped_journey
),
again AS (
    SELECT began.day, count(DISTINCT began.person_id) AS converted
    FROM began
    WHERE began.converted
    GROUP BY began.day
)
SELECT
    began.day,
    count(*) FILTER (WHERE began.mature AND began.is_days_first) AS people,
    coalesce(any_value(again.converted), 0) AS converted,
    count(*) FILTER (
        WHERE NOT began.mature AND (began.is_days_first OR began.is_persons_first_young)
    ) AS young
FROM began
LEFT JOIN again ON began.day = again.day
GROUP BY began.day
ORDER BY began.day
