-- One row is one email event; every 401st is delivered twice.
WITH mail AS (
    SELECT *, 0::BIGINT AS place,
        max(touchpoint BETWEEN 15 AND 18) OVER (PARTITION BY journey ORDER BY at_ms, step) AS trying,
        max(CASE WHEN touchpoint = 19 THEN step END) OVER (PARTITION BY journey ORDER BY at_ms, step)
            AS sent_step
    FROM event
), chosen AS (
    SELECT * REPLACE (row_number() OVER (ORDER BY at_ms, person) AS place) FROM mail WHERE system = 2
), copied AS (
    SELECT *, '' AS defect FROM chosen
    UNION ALL
    SELECT *, ' again' FROM chosen WHERE place % 401 = 0
    UNION ALL
    SELECT c.*, b.defect
    FROM chosen AS c JOIN bad_place AS b ON b.system = 'klaviyo' AND b.place = c.place
)
SELECT format('3k{:08d}', c.place) AS id,
    format('01KP{:010d}', c.person) AS person_id,
    CASE c.defect WHEN 'empty email' THEN NULL ELSE shouted(w.email, w.noise) END AS email,
    ['Received Email', 'Opened Email', 'Clicked Email'][c.touchpoint - 18] AS metric_name,
    CASE c.defect WHEN 'datetime is no time' THEN 'not a time'
        ELSE strftime(stamp(c.at_ms), '%Y-%m-%dT%H:%M:%S+00:00') END AS datetime,
    CASE WHEN NOT trying THEN strftime(stamp(c.at_ms), 'CMP%Y%m') END AS campaign_id,
    CASE WHEN NOT trying THEN 'monthly-digest' END AS campaign_name,
    CASE WHEN trying THEN 'TRIAL1' END AS flow_id,
    CASE WHEN trying THEN 'Trial onboarding' END AS flow_name,
    CASE WHEN trying THEN one_of(v.trial_subjects, c.person + coalesce(sent_step, 0), 21)
        ELSE one_of(v.digest_subjects, c.person + coalesce(sent_step, 0), 22) END AS subject
FROM copied AS c JOIN who AS w ON w.person = c.person, words AS v
ORDER BY c.place, c.defect
