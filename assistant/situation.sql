-- One row is one value of a segment field that enough people share to be named to a model.
WITH person_value AS (
    SELECT trait.name AS field, trait.value AS value, trait.person_id AS person_id
    FROM trait
    WHERE list_contains($traits, trait.name)
    UNION ALL
    SELECT 'channel' AS field, journey.first_channel AS value, journey.person_id AS person_id
    FROM journey
    UNION ALL
    SELECT 'campaign' AS field, journey.first_campaign AS value, journey.person_id AS person_id
    FROM journey
    UNION ALL
    SELECT 'source' AS field, journey.first_source AS value, journey.person_id AS person_id
    FROM journey
),
counted AS (
    SELECT field, value, count(DISTINCT person_id) AS persons
    FROM person_value
    WHERE value IS NOT NULL
    GROUP BY field, value
)
SELECT field, value
FROM counted
WHERE persons >= $fewest
ORDER BY field, persons DESC, value
