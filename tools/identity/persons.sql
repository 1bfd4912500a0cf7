-- The persons in `touched_person` as their events and identifiers now tell.
CREATE OR REPLACE TEMP TABLE settled AS SELECT DISTINCT person_id FROM touched_person;

CREATE OR REPLACE TEMP TABLE touched_person AS SELECT person_id FROM settled ORDER BY person_id;

DELETE FROM person WHERE person_id IN (SELECT settled.person_id FROM settled);

INSERT INTO person
SELECT event.person_id, min(event.occurred_at), max(event.occurred_at), count(*)
FROM event
WHERE event.person_id IN (SELECT settled.person_id FROM settled)
GROUP BY event.person_id
ORDER BY event.person_id;

DELETE FROM trait WHERE person_id IN (SELECT settled.person_id FROM settled);

INSERT INTO trait
SELECT
    identifier.person_id,
    identifier_trait.name,
    max({'at': identifier_trait.set_at, 'value': identifier_trait.value}).value
FROM identifier_trait
JOIN identifier ON identifier.identifier_id = identifier_trait.identifier_id
WHERE identifier.person_id IN (SELECT settled.person_id FROM settled)
GROUP BY identifier.person_id, identifier_trait.name
ORDER BY identifier.person_id, identifier_trait.name;

DROP TABLE settled;
