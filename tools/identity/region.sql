-- Everything that decides about the persons in `asked_person`: their identifiers, all links of these, and
-- the identifiers at the far ends, which stay who they are unless their person is asked too.
CREATE OR REPLACE TEMP TABLE region AS
SELECT identifier.identifier_id, identifier.kind, identifier.person_id, identifier.shared
FROM identifier
WHERE identifier.person_id IN (SELECT asked_person.person_id FROM asked_person);

CREATE OR REPLACE TEMP TABLE region_link AS
SELECT linked.identifier_id, linked.other_id, linked.tie, min(linked.rank) AS rank
FROM (
    SELECT * FROM linked WHERE linked.identifier_id IN (SELECT region.identifier_id FROM region)
    UNION ALL
    SELECT * FROM linked WHERE linked.other_id IN (SELECT region.identifier_id FROM region)
) AS linked
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
),
form AS (
    SELECT clear.identifier_id FROM clear
    UNION
    SELECT hashed_email.identifier_id FROM clear JOIN hashed_email ON hashed_email.clear_id = clear.identifier_id
),
thing AS (
    SELECT DISTINCT linked.identifier_id FROM linked
    WHERE linked.tie = 'part' AND linked.identifier_id IN (SELECT form.identifier_id FROM form)
),
grouping AS (
    SELECT DISTINCT linked.other_id FROM linked
    WHERE linked.tie = 'member' AND linked.other_id IN (SELECT form.identifier_id FROM form)
)
SELECT
    identifier.identifier_id,
    identifier.kind,
    identifier.person_id,
    identifier.shared,
    thing.identifier_id IS NOT NULL AS thing,
    grouping.other_id IS NOT NULL AS grouping
FROM form
JOIN identifier ON identifier.identifier_id = form.identifier_id
LEFT JOIN thing ON thing.identifier_id = form.identifier_id
LEFT JOIN grouping ON grouping.other_id = form.identifier_id;
