-- One row is one identifier as a file writes it, with its id; no id: it is a placeholder.
CREATE OR REPLACE TEMP TABLE identified AS
WITH normal AS (
    SELECT
        identifier_kind AS kind,
        identifier AS told,
        CASE
            WHEN lower(trim(identifier)) IN (
                '', '-', 'null', 'none', 'nil', 'nan', 'n/a', 'na', '#n/a', 'unknown', 'undefined', 'not set',
                '(not set)', '(none)', '00000000-0000-0000-0000-000000000000'
            ) THEN NULL
            WHEN trim(identifier) = '0' AND identifier_kind <> 'user' THEN NULL
            WHEN identifier_kind = 'email' OR contains(identifier, '@')
                THEN regexp_replace(lower(trim(identifier)), '\+[^@]*@', '@')
            ELSE trim(identifier)
        END AS value
    FROM seen_identifier
)
SELECT
    normal.kind,
    normal.told,
    normal.value,
    CASE
        WHEN normal.value IS NOT NULL
            THEN content_number(normal.kind || ':' || normal.value)
    END AS identifier_id
FROM normal;

INSERT INTO identifier (identifier_id, kind, value, person_id)
SELECT identified.identifier_id, any_value(identified.kind), any_value(identified.value), identified.identifier_id
FROM identified
WHERE identified.identifier_id IS NOT NULL
    AND identified.identifier_id NOT IN (SELECT identifier.identifier_id FROM identifier)
GROUP BY identified.identifier_id
ORDER BY identified.identifier_id;

-- One row is one pair of identifiers that no earlier file showed together.
CREATE OR REPLACE TEMP TABLE new_link AS
SELECT
    least(one.identifier_id, two.identifier_id) AS identifier_id,
    greatest(one.identifier_id, two.identifier_id) AS other_id,
    min(seen_link.line) AS line
FROM seen_link
JOIN identified AS one ON one.kind = seen_link.identifier_kind AND one.told = seen_link.identifier
JOIN identified AS two ON two.kind = seen_link.other_kind AND two.told = seen_link.other
WHERE one.identifier_id <> two.identifier_id
GROUP BY ALL
HAVING (least(one.identifier_id, two.identifier_id), greatest(one.identifier_id, two.identifier_id))
    NOT IN (SELECT (identity_link.identifier_id, identity_link.other_id) FROM identity_link);
