-- One row is one person who has a name: what may tell that two of them are one.
WITH named AS (
    SELECT
        trait.person_id,
        max(trait.value) FILTER (WHERE trait.name IN ('first_name', 'firstname', 'given_name')) AS first_name,
        max(trait.value) FILTER (WHERE trait.name IN ('last_name', 'lastname', 'family_name', 'surname')) AS last_name,
        max(trait.value) FILTER (WHERE trait.name IN ('name', 'full_name')) AS name,
        max(trait.value) FILTER (WHERE trait.name IN ('company', 'company_name', 'organization', 'organisation')) AS company,
        max(trait.value) FILTER (WHERE trait.name = 'city') AS city,
        max(trait.value) FILTER (WHERE trait.name IN ('country', 'country_code')) AS country,
        max(trait.value) FILTER (WHERE trait.name IN ('phone', 'phone_number', 'mobile')) AS phone
    FROM trait
    GROUP BY trait.person_id
),
seen AS (
    SELECT
        identifier.person_id,
        list_sort(list(DISTINCT identifier_source.source)) AS sources,
        -- Who is linked: an address or user id where there is one.
        arg_min(identifier.identifier_id, (
            CASE identifier.kind WHEN 'email' THEN 0 WHEN 'user' THEN 1 ELSE 2 END, identifier.identifier_id
        )) AS identifier_id,
        min(regexp_extract(identifier.value, '@(.+)$', 1)) FILTER (
            WHERE identifier.kind = 'email' AND contains(identifier.value, '@') AND NOT regexp_matches(
                identifier.value,
                '@(gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|icloud|me|mac|aol|gmx|web|proton|protonmail|mail|qq|163|126|orange|free|wanadoo|t-online|libero|comcast|example)\.'
            )
        ) AS domain,
        max(identifier.value) FILTER (WHERE identifier.kind = 'phone') AS dialled
    FROM identifier
    JOIN identifier_source ON identifier_source.identifier_id = identifier.identifier_id
    WHERE NOT identifier.shared
        AND identifier.identifier_id NOT IN (SELECT linked.other_id FROM linked WHERE linked.tie = 'member')
        AND identifier.identifier_id NOT IN (SELECT linked.identifier_id FROM linked WHERE linked.tie = 'part')
    GROUP BY identifier.person_id
),
told AS (
    SELECT
        seen.person_id,
        seen.identifier_id,
        seen.sources,
        trim(lower(strip_accents(coalesce(named.first_name, regexp_extract(trim(named.name), '^(\S+)\s', 1))))) AS first_name,
        trim(lower(strip_accents(coalesce(named.last_name, regexp_extract(trim(named.name), '\s(\S+)$', 1))))) AS last_name,
        trim(regexp_replace(
            regexp_replace(lower(strip_accents(named.company)), '[^a-z0-9& ]', '', 'g'),
            '\s+(inc|llc|ltd|limited|gmbh|ag|sa|sas|srl|bv|co|corp|corporation|company|plc|kg|oy|ab|as)$', ''
        )) AS company,
        seen.domain,
        right(regexp_replace(coalesce(seen.dialled, named.phone), '\D', '', 'g'), 8) AS phone,
        trim(lower(strip_accents(named.city))) AS city,
        trim(lower(strip_accents(named.country))) AS country,
        epoch(person.first_at) / 86400 AS first_day
    FROM seen
    JOIN named ON named.person_id = seen.person_id
    LEFT JOIN person ON person.person_id = seen.person_id
)
SELECT
    person_id,
    identifier_id,
    sources,
    nullif(first_name, '') AS first_name,
    nullif(last_name, '') AS last_name,
    nullif(company, '') AS company,
    nullif(domain, '') AS domain,
    CASE WHEN length(phone) >= 7 THEN phone END AS phone,
    nullif(city, '') AS city,
    nullif(country, '') AS country,
    first_day
FROM told
WHERE nullif(last_name, '') IS NOT NULL
    AND (len($sources) = 0 OR list_has_any(sources, $sources))
ORDER BY person_id;
