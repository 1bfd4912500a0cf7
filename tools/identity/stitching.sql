-- One row is one identifier that no earlier file showed.
CREATE OR REPLACE TEMP TABLE new_identifier AS
WITH known AS (
    SELECT identifier.identifier_id FROM identifier
    WHERE identifier.identifier_id IN (SELECT identified.identifier_id FROM identified)
)
SELECT identified.identifier_id, any_value(identified.kind) AS kind, any_value(identified.value) AS value
FROM identified
WHERE identified.identifier_id IS NOT NULL
    AND identified.identifier_id NOT IN (SELECT known.identifier_id FROM known)
GROUP BY identified.identifier_id;

INSERT INTO identifier (identifier_id, kind, value, person_id, shared)
SELECT identifier_id, kind, value, identifier_id, false FROM new_identifier ORDER BY identifier_id;

INSERT INTO hashed_email (identifier_id, hash)
SELECT identifier_id, value FROM new_identifier
WHERE kind = 'email' AND regexp_full_match(value, '[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}')
ORDER BY identifier_id;

CREATE OR REPLACE TEMP TABLE new_tagged AS
SELECT DISTINCT identified.identifier_id, normal_identifier.form
FROM normal_identifier
JOIN identified ON identified.kind = normal_identifier.kind AND identified.told = normal_identifier.told
WHERE normal_identifier.kind = 'email'
    AND normal_identifier.form <> normal_identifier.value
    AND identified.identifier_id IS NOT NULL;

DELETE FROM new_tagged WHERE (identifier_id, form) IN (SELECT (tagged_email.identifier_id, tagged_email.form) FROM tagged_email);

INSERT INTO tagged_email SELECT identifier_id, form FROM new_tagged ORDER BY ALL;

DROP TABLE normal_identifier;

-- One row is one pair of identifiers that no earlier file showed together in this way.
CREATE OR REPLACE TEMP TABLE new_link AS
WITH told AS (
    SELECT
        one.identifier_id AS one_id,
        two.identifier_id AS two_id,
        coalesce(seen_link.tie, 'same') AS tie,
        coalesce(seen_link.rank, 0) AS rank,
        seen_link.line
    FROM (
        SELECT NULL::VARCHAR AS tie, NULL::INTEGER AS rank WHERE false
        UNION ALL BY NAME
        SELECT * FROM seen_link
    ) AS seen_link
    JOIN identified AS one ON one.kind = seen_link.identifier_kind AND one.told = seen_link.identifier
    JOIN identified AS two ON two.kind = seen_link.other_kind AND two.told = seen_link.other
    WHERE one.identifier_id <> two.identifier_id
),
pair AS (
    SELECT
        CASE WHEN tie = 'same' THEN least(one_id, two_id) ELSE one_id END AS identifier_id,
        CASE WHEN tie = 'same' THEN greatest(one_id, two_id) ELSE two_id END AS other_id,
        tie,
        CASE WHEN tie = 'part' THEN rank ELSE 0 END AS rank,
        min(line) AS line
    FROM told
    GROUP BY ALL
),
known AS (
    SELECT identity_link.identifier_id, identity_link.other_id, identity_link.tie, identity_link.rank
    FROM identity_link
    WHERE identity_link.weight IS NULL AND identity_link.identifier_id IN (SELECT pair.identifier_id FROM pair)
)
SELECT pair.identifier_id, pair.other_id, pair.tie, pair.rank, pair.line
FROM pair
WHERE NOT EXISTS (
    SELECT 1 FROM known
    WHERE known.identifier_id = pair.identifier_id
        AND known.other_id = pair.other_id
        AND known.tie = pair.tie
        AND known.rank = pair.rank
);
