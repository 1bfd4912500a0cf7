-- One row is one first channel (or campaign, source) with one combination of what was known at the first touch.
WITH subject AS (
    SELECT
        scoped_journey.journey_id,
        CASE $by
            WHEN 'campaign' THEN scoped_journey.first_campaign
            WHEN 'source' THEN scoped_journey.first_source
            ELSE scoped_journey.first_channel
        END AS name,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.duration_seconds,
        scoped_journey.steps,
        scoped_journey.value,
        NULL /* first */ AS first_field,
        NULL /* second */ AS second_field,
        NULL /* third */ AS third_field,
        scoped_journey.is_first AS is_persons_first
    FROM scoped_journey
    WHERE scoped_journey.mature
),
whole AS (
    SELECT
        subject.name,
        count(*) AS journeys,
        count(*) FILTER (WHERE subject.converted) AS converted,
        median(subject.duration_seconds) FILTER (WHERE subject.converted) AS median_seconds,
        median(subject.steps) AS median_steps,
        CAST(sum(CASE WHEN subject.converted THEN CAST(subject.value AS DECIMAL(28, 8)) END)
            AS DOUBLE) AS value
    FROM subject
    GROUP BY subject.name
)
SELECT
    'whole' AS aspect,
    whole.name,
    NULL AS first_field,
    NULL AS second_field,
    NULL AS third_field,
    whole.journeys,
    whole.converted,
    whole.median_seconds,
    whole.median_steps,
    whole.value
FROM whole
UNION ALL
SELECT
    'stratum' AS aspect,
    subject.name,
    CAST(subject.first_field AS VARCHAR) AS first_field,
    CAST(subject.second_field AS VARCHAR) AS second_field,
    CAST(subject.third_field AS VARCHAR) AS third_field,
    count(*) AS journeys,
    count(*) FILTER (WHERE subject.converted) AS converted,
    NULL AS median_seconds,
    NULL AS median_steps,
    NULL AS value
FROM subject
WHERE subject.is_persons_first
GROUP BY subject.name, subject.first_field, subject.second_field, subject.third_field
ORDER BY aspect, name NULLS FIRST, first_field NULLS FIRST, second_field NULLS FIRST, third_field NULLS FIRST
