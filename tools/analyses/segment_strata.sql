-- One row is one segment with one combination of what was known at the first touch.
WITH held AS (
    SELECT
        trait.person_id,
        min(CASE WHEN trait.name = $segment_trait THEN trait.value END) AS segment,
        min(CASE WHEN trait.name = $first_trait THEN trait.value END) AS first,
        min(CASE WHEN trait.name = $second_trait THEN trait.value END) AS second,
        min(CASE WHEN trait.name = $third_trait THEN trait.value END) AS third
    FROM trait
    WHERE trait.name IN ($segment_trait, $first_trait, $second_trait, $third_trait)
    GROUP BY trait.person_id
),
subject AS (
    SELECT
        NULL /* segment */ AS name,
        scoped_journey.outcome = 'converted' AS converted,
        NULL /* first */ AS first_field,
        NULL /* second */ AS second_field,
        NULL /* third */ AS third_field
    FROM scoped_journey
    LEFT JOIN held ON scoped_journey.person_id = held.person_id
    WHERE scoped_journey.mature
)
SELECT
    CAST(subject.name AS VARCHAR) AS name,
    CAST(subject.first_field AS VARCHAR) AS first_field,
    CAST(subject.second_field AS VARCHAR) AS second_field,
    CAST(subject.third_field AS VARCHAR) AS third_field,
    count(*) AS journeys,
    count(*) FILTER (WHERE subject.converted) AS converted
FROM subject
WHERE subject.name IS NOT NULL
GROUP BY subject.name, subject.first_field, subject.second_field, subject.third_field
ORDER BY name, first_field NULLS FIRST, second_field NULLS FIRST, third_field NULLS FIRST
