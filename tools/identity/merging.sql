-- What is left to do once `absorbed(person_id, into_id)` names the persons that are part of another.
UPDATE identifier SET person_id = absorbed.into_id
FROM absorbed WHERE identifier.person_id = absorbed.person_id;

UPDATE event SET person_id = absorbed.into_id
FROM absorbed WHERE event.person_id = absorbed.person_id;

UPDATE note SET person_id = absorbed.into_id
FROM absorbed WHERE note.person_id = absorbed.person_id;

INSERT INTO touched_person
SELECT absorbed.person_id FROM absorbed UNION SELECT absorbed.into_id FROM absorbed;
