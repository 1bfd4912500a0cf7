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

-- One row is one person and a group whose traits it inherits.
CREATE OR REPLACE TEMP TABLE membership AS
SELECT DISTINCT one.person_id, other.person_id AS group_id
FROM linked
JOIN identifier AS one ON one.identifier_id = linked.identifier_id
JOIN identifier AS other ON other.identifier_id = linked.other_id
WHERE linked.tie = 'member' AND one.person_id <> other.person_id;

INSERT INTO settled
SELECT membership.person_id
FROM membership
WHERE membership.group_id IN (SELECT settled.person_id FROM settled)
    AND membership.person_id NOT IN (SELECT settled.person_id FROM settled);

DELETE FROM trait WHERE person_id IN (SELECT settled.person_id FROM settled);

-- A group's things (its deals, say) have traits of their own, which say nothing of its members.
INSERT INTO trait
WITH own AS (
    SELECT identifier.person_id, identifier_trait.name, identifier_trait.set_at, identifier_trait.value
    FROM identifier_trait
    JOIN identifier ON identifier.identifier_id = identifier_trait.identifier_id
    WHERE identifier.person_id IN (SELECT settled.person_id FROM settled)
),
inherited AS (
    SELECT membership.person_id, identifier_trait.name, identifier_trait.set_at, identifier_trait.value
    FROM membership
    JOIN identifier ON identifier.person_id = membership.group_id
    JOIN identifier_trait ON identifier_trait.identifier_id = identifier.identifier_id
    WHERE membership.person_id IN (SELECT settled.person_id FROM settled)
        AND identifier.identifier_id NOT IN (SELECT linked.identifier_id FROM linked WHERE linked.tie = 'part')
),
told AS (
    SELECT person_id, name, 1 AS nearness, set_at, value FROM own
    UNION ALL
    SELECT person_id, name, 0 AS nearness, set_at, value FROM inherited
)
SELECT person_id, name, max({'nearness': nearness, 'at': set_at, 'value': value}).value
FROM told
GROUP BY person_id, name
ORDER BY person_id, name;

DROP TABLE membership;

DROP TABLE settled;
