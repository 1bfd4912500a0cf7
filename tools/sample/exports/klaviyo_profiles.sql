-- One row is one Klaviyo profile: everyone whose email is known.
SELECT format('01KP{:010d}', person) AS id, shouted(email, noise) AS email, first_name, last_name,
    company_name AS organization, one_of(w.jobs[persona + 1], person, 31) AS title,
    country_name AS country, iso_z(known_at) AS created
FROM who, words AS w
WHERE known
ORDER BY person
