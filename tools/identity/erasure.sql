-- step: who
-- One row is one person whom one of the identifiers `$ids` names: several, where only hashes were seen.
CREATE OR REPLACE TEMP TABLE gone_person AS
SELECT DISTINCT person_id FROM identifier WHERE identifier_id IN (SELECT unnest($ids));

-- step: what
CREATE OR REPLACE TEMP TABLE gone_identifier AS
SELECT identifier_id, kind, value FROM identifier
WHERE person_id IN (SELECT gone_person.person_id FROM gone_person);

-- step: values
SELECT value FROM gone_identifier
UNION
SELECT tagged_email.form FROM tagged_email
WHERE tagged_email.identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier)
ORDER BY value;

-- step: rejected
-- One row is one rejected row that names the person: as it was written, or by the digits of a phone number.
CREATE OR REPLACE TEMP TABLE gone_rejected AS
SELECT load_id, line
FROM (
    SELECT load_id, line, lower(raw) || chr(31) || lower(coalesce(fields, '')) AS text FROM rejected_row
)
WHERE regexp_matches(text, $words)
    OR ($numbers <> '^$' AND regexp_matches(regexp_replace(text, '[ ()./+-]', '', 'g'), $numbers));

-- step: remove_rejected
DELETE FROM rejected_row
WHERE (load_id, line) IN (SELECT (gone_rejected.load_id, gone_rejected.line) FROM gone_rejected);

-- step: links
SELECT count(*) FROM identity_link
WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier)
    OR other_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

-- step: remember
-- The hashes of an address are refused as well, also those that no source has shown yet.
INSERT INTO forgotten
WITH address AS (
    SELECT value AS form FROM gone_identifier WHERE kind = 'email' AND contains(value, '@')
    UNION
    SELECT tagged_email.form FROM tagged_email
    WHERE tagged_email.identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier)
),
hashed AS (
    SELECT unnest([md5(form), sha1(form), sha256(form)]) AS hash FROM address
),
asked AS (
    SELECT unnest($ids) AS identifier_id
    UNION
    SELECT gone_identifier.identifier_id FROM gone_identifier
    UNION
    SELECT (md5_number('email:' || hash) >> 65)::BIGINT FROM hashed
)
SELECT identifier_id, $forgotten_at
FROM asked
WHERE identifier_id NOT IN (SELECT forgotten.identifier_id FROM forgotten)
ORDER BY identifier_id;

-- step: remove
-- Whoever was linked with the person may be shared no more, or have another owner.
CREATE OR REPLACE TEMP TABLE changed_identifier AS
SELECT end_id AS identifier_id
FROM (
    SELECT other_id AS end_id FROM identity_link
    WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier)
    UNION
    SELECT identifier_id AS end_id FROM identity_link
    WHERE other_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier)
)
WHERE end_id NOT IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

INSERT INTO touched_person SELECT person_id FROM gone_person;

DELETE FROM event_detail WHERE event_id IN (
    SELECT event.event_id FROM event WHERE event.identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier)
);

DELETE FROM event WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

DELETE FROM note WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

DELETE FROM identifier_trait WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

DELETE FROM identifier_source WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

DELETE FROM hashed_email WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

DELETE FROM tagged_email WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

DELETE FROM identity_link
WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier)
    OR other_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

DELETE FROM undone_link
WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier)
    OR other_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);

DELETE FROM segment_person WHERE person_id IN (SELECT gone_person.person_id FROM gone_person);

DELETE FROM identifier WHERE identifier_id IN (SELECT gone_identifier.identifier_id FROM gone_identifier);
