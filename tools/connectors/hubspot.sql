-- contact.traits: one row is one contact.
SELECT
    line,
    'email' AS identifier_kind,
    email AS identifier,
    as_time(createdate) AS set_at,
    blank(industry) AS industry,
    CASE
        WHEN as_number(numberofemployees) < 11 THEN '1-10'
        WHEN as_number(numberofemployees) < 51 THEN '11-50'
        WHEN as_number(numberofemployees) < 201 THEN '51-200'
        WHEN as_number(numberofemployees) < 1001 THEN '201-1000'
        WHEN as_number(numberofemployees) >= 1001 THEN 'over 1000'
    END AS company_size,
    blank(country) AS country,
    blank(hs_persona) AS persona,
    blank(lifecyclestage) AS lifecycle_stage
FROM raw;

-- contact.links: one row is one identifier of a contact in another system.
SELECT line, 'email' AS identifier_kind, email AS identifier, 'hubspot_contact' AS other_kind, id AS other
FROM raw
UNION ALL
SELECT line, 'email', email, 'ga_client', ga_client_id
FROM raw
WHERE blank(ga_client_id) IS NOT NULL
UNION ALL
SELECT line, 'email', email, 'user', app_user_id
FROM raw
WHERE blank(app_user_id) IS NOT NULL;

-- deal.notes: one row is what a salesperson wrote about a deal.
SELECT
    line,
    'hubspot_contact' AS identifier_kind,
    contact_id AS identifier,
    coalesce(as_time(closedate), as_time(createdate)) AS occurred_at,
    'deal' AS kind,
    concat_ws(chr(10), dealname, blank(description)) AS text
FROM raw;
