-- Everything that decides about the persons in `asked_person`: their identifiers, all links of these, and
-- the identifiers at the far ends, which stay who they are unless their person is asked too.
CREATE OR REPLACE TEMP TABLE region AS
SELECT identifier.identifier_id, identifier.kind, identifier.person_id, identifier.shared
FROM identifier
WHERE identifier.person_id IN (SELECT asked_person.person_id FROM asked_person);

CREATE OR REPLACE TEMP TABLE region_link AS
SELECT linked.identifier_id, linked.other_id, linked.tie, min(linked.rank) AS rank
FROM linked
WHERE linked.identifier_id IN (SELECT region.identifier_id FROM region)
    OR linked.other_id IN (SELECT region.identifier_id FROM region)
GROUP BY linked.identifier_id, linked.other_id, linked.tie;

CREATE OR REPLACE TEMP TABLE far_end AS
WITH far AS (
    SELECT region_link.identifier_id FROM region_link
    UNION
    SELECT region_link.other_id FROM region_link
    EXCEPT
    SELECT region.identifier_id FROM region
),
clear AS (
    SELECT far.identifier_id FROM far
    UNION
    SELECT hashed_email.clear_id FROM far JOIN hashed_email ON hashed_email.identifier_id = far.identifier_id
    WHERE hashed_email.clear_id IS NOT NULL
)
SELECT
    identifier.identifier_id,
    identifier.kind,
    identifier.person_id,
    identifier.shared,
    identifier.identifier_id IN (SELECT linked.identifier_id FROM linked WHERE linked.tie = 'part') AS thing,
    identifier.identifier_id IN (SELECT linked.other_id FROM linked WHERE linked.tie = 'member') AS grouping
FROM clear
JOIN identifier ON identifier.identifier_id = clear.identifier_id;
