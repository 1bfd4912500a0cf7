-- step: forms
-- One row is one way in which an address of this load is written; with a hash that is new, of all addresses.
CREATE OR REPLACE TEMP TABLE address_form AS
SELECT new_identifier.identifier_id, new_identifier.value AS form
FROM new_identifier
WHERE new_identifier.kind = 'email' AND contains(new_identifier.value, '@')
UNION ALL
SELECT new_tagged.identifier_id, new_tagged.form FROM new_tagged;

-- step: all_forms
INSERT INTO address_form
SELECT identifier.identifier_id, identifier.value
FROM identifier
WHERE identifier.kind = 'email' AND contains(identifier.value, '@')
UNION ALL
SELECT tagged_email.identifier_id, tagged_email.form FROM tagged_email;

-- step: match
-- One row is one hashed address whose clear form is now known.
CREATE OR REPLACE TEMP TABLE unhashed AS
WITH hash_form AS (
    SELECT identifier_id, unnest([md5(form), sha1(form), sha256(form)]) AS hash FROM address_form
)
SELECT hashed_email.identifier_id, min(hash_form.identifier_id) AS clear_id
FROM hashed_email
JOIN hash_form ON hash_form.hash = hashed_email.hash
WHERE hashed_email.clear_id IS NULL
GROUP BY hashed_email.identifier_id;

UPDATE hashed_email SET clear_id = unhashed.clear_id
FROM unhashed WHERE hashed_email.identifier_id = unhashed.identifier_id;

-- step: undone
-- What was undone for one form of an address is undone for each.
INSERT INTO undone_link
SELECT hashed_email.clear_id, undone_link.other_id
FROM undone_link JOIN hashed_email ON hashed_email.identifier_id = undone_link.identifier_id
WHERE hashed_email.clear_id IS NOT NULL
UNION
SELECT undone_link.other_id, hashed_email.clear_id
FROM undone_link JOIN hashed_email ON hashed_email.identifier_id = undone_link.identifier_id
WHERE hashed_email.clear_id IS NOT NULL;

INSERT INTO undone_link
SELECT hashed_email.identifier_id, undone_link.other_id
FROM undone_link JOIN hashed_email ON hashed_email.clear_id = undone_link.identifier_id
UNION
SELECT undone_link.other_id, hashed_email.identifier_id
FROM undone_link JOIN hashed_email ON hashed_email.clear_id = undone_link.identifier_id;

CREATE OR REPLACE TEMP TABLE undone_once AS SELECT DISTINCT identifier_id, other_id FROM undone_link;

DELETE FROM undone_link;

INSERT INTO undone_link SELECT identifier_id, other_id FROM undone_once ORDER BY ALL;

DROP TABLE undone_once;
