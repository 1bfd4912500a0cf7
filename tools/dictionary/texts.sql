-- The persons whose campaigns or notes read otherwise now.
INSERT INTO touched_person
SELECT DISTINCT /* table */.person_id
FROM /* table */
JOIN told_text ON /* table */.source = told_text.source AND /* table */./* told */ = told_text.told
WHERE /* table */./* column */ IS DISTINCT FROM told_text.text;

UPDATE /* table */ SET /* column */ = told_text.text
FROM told_text
WHERE /* table */.source = told_text.source
    AND /* table */./* told */ = told_text.told
    AND /* table */./* column */ IS DISTINCT FROM told_text.text;
