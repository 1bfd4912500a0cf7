-- One row is one deal: everyone who asked for a demo.
WITH asked AS (
    SELECT *, demo_at + (14 + pick(person, 41, 45)) * 86400000 AS lost_at,
        coalesce(subscribed_at > demo_at, false) AS won
    FROM who WHERE demo_at IS NOT NULL
), staged AS (
    SELECT *, CASE WHEN won THEN 'closedwon'
        WHEN lost_at < getvariable('year_end') AND pick(person, 42, 10) < 8 THEN 'closedlost'
        ELSE one_of(['appointmentscheduled', 'presentationscheduled', 'contractsent'], person, 43)
        END AS stage
    FROM asked
)
SELECT 500000 + person AS id, company_name || ' ' || company || ' - Tallyward' AS dealname,
    stage AS dealstage, 'default' AS pipeline, 600 + 120 * pick(person, 44, 60) AS amount,
    iso_z(demo_at) AS createdate,
    CASE stage WHEN 'closedwon' THEN iso_z(subscribed_at) WHEN 'closedlost' THEN iso_z(lost_at) END
        AS closedate,
    1000 + person AS contact_id,
    CASE stage WHEN 'closedwon' THEN one_of(w.won_notes, person, 45)
        WHEN 'closedlost' THEN one_of(w.lost_notes, person, 46) END AS description
FROM staged, words AS w
ORDER BY person
