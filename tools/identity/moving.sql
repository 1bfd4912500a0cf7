-- What is left to do once `moved_identifier(identifier_id, was, person_id, shared)` says who is someone else.
UPDATE identifier SET person_id = moved_identifier.person_id, shared = moved_identifier.shared
FROM moved_identifier WHERE identifier.identifier_id = moved_identifier.identifier_id;

UPDATE event SET person_id = moved_identifier.person_id
FROM moved_identifier
WHERE event.identifier_id = moved_identifier.identifier_id AND event.person_id <> moved_identifier.person_id;

UPDATE note SET person_id = moved_identifier.person_id
FROM moved_identifier
WHERE note.identifier_id = moved_identifier.identifier_id AND note.person_id <> moved_identifier.person_id;

-- Persons who gained or lost an identifier, and those who may inherit other traits by a link.
INSERT INTO touched_person
SELECT moved_identifier.was FROM moved_identifier
UNION
SELECT moved_identifier.person_id FROM moved_identifier
UNION
SELECT identifier.person_id
FROM identifier
WHERE identifier.identifier_id IN (SELECT changed_identifier.identifier_id FROM changed_identifier);
