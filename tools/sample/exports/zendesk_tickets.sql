-- One row is one ticket; what it says depends on who writes it and whether they stay.
WITH placed AS (
    SELECT e.*, last_value(CASE WHEN touchpoint NOT IN (10, 22) THEN touchpoint END IGNORE NULLS)
        OVER (PARTITION BY journey ORDER BY at_ms, step) AS place
    FROM event AS e
), ticket AS (
    SELECT p.*, j.converted, row_number() OVER (ORDER BY p.at_ms, p.person) AS number
    FROM placed AS p JOIN journey AS j USING (journey)
    WHERE touchpoint = 22
), mood AS (
    SELECT *, CASE WHEN place = 12 THEN 'stuck'
        WHEN pick(person + step, 51, 100) < CASE WHEN converted THEN 15 ELSE 72 END THEN 'leaves'
        ELSE 'stays' END AS mood
    FROM ticket
), said AS (
    SELECT m.*, '' AS defect, t.subject, t.body
    FROM mood AS m JOIN topic AS t
        ON t.mood = m.mood AND t.number = pick(m.person * 3 + m.step, 52, t.topics)
), copied AS (
    SELECT * FROM said
    UNION ALL
    SELECT s.* REPLACE (b.defect AS defect)
    FROM said AS s JOIN bad_place AS b ON b.system = 'zendesk' AND b.place = s.number
)
SELECT 20000 + c.number AS id,
    CASE c.defect WHEN 'empty created_at' THEN NULL ELSE iso_z(c.at_ms) END AS created_at,
    iso_z(c.at_ms + (1 + pick(c.person, 53, 71)) * 3600000) AS updated_at,
    c.subject,
    one_of(v.openings, c.person, 54) || ' ' || c.body || chr(10) || chr(10)
        || one_of(v.endings, c.person + c.step, 55) || chr(10) || w.first_name AS description,
    one_of(['solved', 'closed', 'closed', 'open', 'pending'], c.person, 56) AS status,
    CASE c.mood WHEN 'stuck' THEN 'high' ELSE one_of(['low', 'normal', 'normal', 'high'], c.person, 57)
        END AS priority,
    CASE WHEN c.mood = 'stays' THEN 'question' ELSE 'problem' END AS type,
    one_of(['web', 'email', 'chat'], c.person, 58) AS via_channel,
    360000000 + c.person AS requester_id,
    CASE WHEN w.noise < 0.05 THEN '  ' || w.email || ' '
        WHEN w.noise < 0.08 THEN replace(w.email, '@', '+support@')
        ELSE shouted(w.email, w.noise) END AS requester_email,
    CASE WHEN c.at_ms >= w.signed_up_at AND w.signed_up_at > 0 AND pick(c.person, 59, 10) < 5
        THEN w.user_id END AS requester_external_id,
    CASE WHEN c.mood = 'stays' THEN one_of(['good', 'good', 'offered', 'unoffered'], c.person, 60)
        ELSE one_of(['bad', 'good', 'offered', 'unoffered', 'unoffered'], c.person, 60) END
        AS satisfaction_score
FROM copied AS c JOIN who AS w ON w.person = c.person, words AS v
ORDER BY c.number, c.defect
