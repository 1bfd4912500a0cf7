-- One row is one contact: everyone whose email is known.
SELECT 1000 + person AS id, email, first_name AS firstname, last_name AS lastname,
    iso_z(known_at) AS createdate, iso_z(last_at) AS lastmodifieddate,
    CASE WHEN converted THEN 'customer' WHEN signed_up_at > 0 THEN 'opportunity'
        WHEN demo_at IS NOT NULL THEN 'salesqualifiedlead' WHEN started_at IS NOT NULL THEN 'lead'
        ELSE 'subscriber' END AS lifecyclestage,
    company_name || ' ' || company AS company, industry_name AS industry,
    employees AS numberofemployees, country_name AS country,
    one_of(w.jobs[persona + 1], person, 31) AS jobtitle, persona_name AS hs_persona,
    hubspot_source AS hs_analytics_source, client_1 AS ga_client_id,
    CASE WHEN signed_up_at > 0 THEN user_id END AS app_user_id
FROM who JOIN origin ON origin = first_origin, words AS w
WHERE known
ORDER BY person
