-- step: sources
-- One row is one source: how many persons it knows, and by which kinds of identifiers.
WITH known AS (
    SELECT identifier_source.source, identifier.kind, identifier.person_id
    FROM identifier_source
    JOIN identifier ON identifier.identifier_id = identifier_source.identifier_id
    WHERE NOT identifier.shared
        AND identifier.identifier_id NOT IN (SELECT linked.other_id FROM linked WHERE linked.tie = 'member')
)
SELECT source, count(DISTINCT person_id) AS persons, list_sort(list(DISTINCT kind)) AS kinds
FROM known
GROUP BY source
ORDER BY source;

-- step: pairs
-- One row is two sources that share persons.
WITH known AS (
    SELECT DISTINCT identifier_source.source, identifier.person_id
    FROM identifier_source
    JOIN identifier ON identifier.identifier_id = identifier_source.identifier_id
    WHERE NOT identifier.shared
        AND identifier.identifier_id NOT IN (SELECT linked.other_id FROM linked WHERE linked.tie = 'member')
)
SELECT one.source AS one, other.source AS other, count(*) AS persons
FROM known AS one
JOIN known AS other ON other.person_id = one.person_id AND one.source < other.source
GROUP BY one.source, other.source
ORDER BY one.source, other.source;

-- step: joins
-- One row is one kind of identifier that two sources both show, and for how many persons.
WITH known AS (
    SELECT identifier_source.source, identifier.identifier_id, identifier.kind, identifier.person_id
    FROM identifier_source
    JOIN identifier ON identifier.identifier_id = identifier_source.identifier_id
    WHERE NOT identifier.shared
        AND identifier.identifier_id NOT IN (SELECT linked.other_id FROM linked WHERE linked.tie = 'member')
)
SELECT one.source AS one, other.source AS other, one.kind, count(DISTINCT one.person_id) AS persons
FROM known AS one
JOIN known AS other ON other.identifier_id = one.identifier_id AND one.source < other.source
GROUP BY one.source, other.source, one.kind
ORDER BY one.source, other.source, persons DESC, one.kind;

-- step: shared
-- One row is one shared identifier, the busiest first.
WITH met AS (
    SELECT linked.identifier_id, linked.other_id FROM linked WHERE linked.tie = 'same'
    UNION
    SELECT linked.other_id, linked.identifier_id FROM linked WHERE linked.tie = 'same'
)
SELECT identifier.kind, identifier.value, count(DISTINCT met.other_id) AS meets, count(DISTINCT far.person_id) AS persons
FROM identifier
JOIN met ON met.identifier_id = identifier.identifier_id
JOIN identifier AS far ON far.identifier_id = met.other_id
WHERE identifier.shared
GROUP BY identifier.kind, identifier.value
ORDER BY persons DESC, identifier.kind, identifier.value
LIMIT $shown;

-- step: large
-- One row is one person with more addresses or user ids than a person has.
SELECT person_id, max(names) AS names
FROM (
    SELECT identifier.person_id, identifier.kind, count(*) AS names
    FROM identifier
    WHERE identifier.kind IN ('email', 'user')
        AND identifier.identifier_id NOT IN (
            SELECT hashed_email.identifier_id FROM hashed_email WHERE hashed_email.clear_id IS NOT NULL
        )
    GROUP BY identifier.person_id, identifier.kind
)
GROUP BY person_id
HAVING max(names) > $most
ORDER BY names DESC, person_id
LIMIT $shown;

-- step: nodes
SELECT identifier_id, kind, value FROM identifier WHERE person_id = $person_id ORDER BY identifier_id;

-- step: edges
SELECT linked.identifier_id, linked.other_id
FROM linked
JOIN identifier AS one ON one.identifier_id = linked.identifier_id
JOIN identifier AS other ON other.identifier_id = linked.other_id
WHERE one.person_id = $person_id AND other.person_id = $person_id
    AND NOT one.shared AND NOT other.shared AND linked.tie <> 'member'
UNION
SELECT hashed_email.identifier_id, hashed_email.clear_id
FROM hashed_email
JOIN identifier ON identifier.identifier_id = hashed_email.identifier_id
WHERE identifier.person_id = $person_id AND hashed_email.clear_id IS NOT NULL
ORDER BY 1, 2;

-- step: totals
SELECT
    (SELECT count(*) FROM identifier),
    (SELECT count(DISTINCT person_id) FROM identifier),
    (SELECT count(*) FROM identifier WHERE shared),
    (SELECT count(*) FROM linked WHERE weight IS NOT NULL),
    (SELECT count(*) FROM forgotten),
    (SELECT count(*) FROM (
        SELECT DISTINCT least(identifier_id, other_id) AS one, greatest(identifier_id, other_id) AS other FROM undone_link
    ));

-- step: inferences
SELECT inference.load_id AS number, inference.threshold, inference.links, inference.accepted_at
FROM inference
ORDER BY inference.load_id;
