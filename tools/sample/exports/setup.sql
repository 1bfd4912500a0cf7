-- Macros and small tables that the exports share: one row of `who` is one person in words.
CREATE OR REPLACE MACRO mix(x, salt) AS
    (((x::BIGINT + 7 * salt) * 2654435761 + salt * 40503) % 4294967296) // 64;
CREATE OR REPLACE MACRO pick(x, salt, n) AS mix(x, salt) % n;
CREATE OR REPLACE MACRO one_of(list, x, salt) AS list[1 + pick(x, salt, len(list))];
CREATE OR REPLACE MACRO stamp(ms) AS make_timestamp((ms)::BIGINT * 1000);
CREATE OR REPLACE MACRO iso_z(ms) AS strftime(stamp(ms), '%Y-%m-%dT%H:%M:%SZ');
CREATE OR REPLACE MACRO iso_ms(ms) AS strftime(stamp(ms), '%Y-%m-%dT%H:%M:%S.%gZ');
CREATE OR REPLACE MACRO shouted(email, noise) AS
    CASE WHEN noise < 0.06 THEN upper(email)
         WHEN noise < 0.20 THEN upper(email[1]) || email[2:] ELSE email END;

CREATE OR REPLACE TABLE who AS
WITH named AS (
    SELECT p.*,
        w.countries[country + 1] AS country_name,
        w.industries[industry + 1] AS industry_name,
        w.personas[persona + 1] AS persona_name,
        w.first_names[1 + names % len(w.first_names)] AS first_name,
        w.last_names[1 + (names // 100) % len(w.last_names)] AS last_name,
        one_of(w.company_first, company, 1) || one_of(w.company_last, company, 2) AS company_name
    FROM person_code AS p, words AS w
)
SELECT *,
    format('u_{:07d}', person) AS user_id,
    format('1{:09d}.{}', person, arrival // 1000) AS client_1,
    format('2{:09d}.{}', person, arrival // 1000) AS client_2,
    lower(format('{}.{}{}@{}{}.example', first_name, last_name, person, company_name, company))
        AS email,
    CASE WHEN device = 0 THEN 1 ELSE 0 END AS device_2
FROM named
ORDER BY person;
