-- One row is one day: the people who began a journey on it, and how many of those old enough to judge converted.
WITH began AS (
    SELECT
        CAST(scoped_journey.started_at AS DATE) AS day,
        scoped_journey.person_id,
        scoped_journey.mature,
        scoped_journey.mature AND scoped_journey.outcome = 'converted' AS converted
    FROM scoped_journey
)
SELECT
    began.day,
    count(DISTINCT began.person_id) FILTER (WHERE began.mature) AS people,
    count(DISTINCT began.person_id) FILTER (WHERE began.converted) AS converted,
    count(DISTINCT began.person_id) FILTER (WHERE NOT began.mature) AS young
FROM began
GROUP BY began.day
ORDER BY began.day
