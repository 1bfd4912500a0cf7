-- One row is one trait or property: how many carry it, how many values it has, how many are addresses.
WITH carried AS (
    SELECT trait.name, trait.value, (SELECT count(*) FROM person) AS most
    FROM trait
    UNION ALL
    SELECT
        property.name,
        json_extract_string(property.first_properties, '$."' || property.name || '"') AS value,
        (SELECT count(*) FROM journey) AS most
    FROM (
        SELECT unnest(json_keys(journey.first_properties)) AS name, journey.first_properties
        FROM journey
        WHERE journey.first_properties IS NOT NULL
    ) AS property
)
SELECT
    name,
    max(most) AS most,
    count(value) AS carried,
    count(DISTINCT value) AS distinct_values,
    count(*) FILTER (
        WHERE value LIKE '/%' OR value LIKE 'http%' OR value LIKE 'www.%' OR value LIKE '%@%.%'
    ) AS addresses
FROM carried
GROUP BY name
ORDER BY name
