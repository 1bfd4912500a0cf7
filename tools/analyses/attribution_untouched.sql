-- One row is one name under which journeys without any touch began, with how many there are and what they brought.
WITH touched AS (
    SELECT scoped_visit.journey_id
    FROM scoped_visit
    WHERE scoped_visit.is_mature
        AND NOT ($without_end AND scoped_visit.is_end)
        AND list_extract($codes::INTEGER[], scoped_visit.touch_id) IS NOT NULL
    GROUP BY scoped_visit.journey_id
),
judged AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.value,
        CASE $by
            WHEN 'channel' THEN scoped_journey.first_channel
            WHEN 'campaign' THEN coalesce(
                scoped_journey.first_campaign,
                CASE WHEN scoped_journey.first_channel IS NOT NULL THEN $no_campaign END
            )
            WHEN 'source' THEN scoped_journey.first_source
        END AS first_name
    FROM scoped_journey
    WHERE scoped_journey.mature
        AND ($by <> 'touchpoint' OR (scoped_journey.steps = 1 AND scoped_journey.outcome = 'converted'))
)
SELECT
    coalesce(judged.first_name, $not_known) AS name,
    judged.converted,
    count(*) AS journeys,
    CAST(sum(CAST(coalesce(judged.value, 0) AS DECIMAL(28, 8))) AS DOUBLE) AS value
FROM judged
LEFT JOIN touched ON judged.journey_id = touched.journey_id
WHERE touched.journey_id IS NULL
GROUP BY ALL
ORDER BY name, judged.converted
