-- What identity remembers beside identifiers and links: what the user decided, and how addresses are hashed.

-- A link that the user undid stays undone when files show it again. Both directions are kept, and
-- each form (clear, hashed) of an address.
CREATE TABLE undone_link (
    identifier_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL
);

-- The links that count. Whoever asks who is who reads these.
CREATE VIEW linked AS
SELECT identity_link.identifier_id, identity_link.other_id, identity_link.tie, identity_link.rank, identity_link.weight
FROM identity_link
WHERE NOT EXISTS (
    SELECT 1 FROM undone_link
    WHERE undone_link.identifier_id = identity_link.identifier_id AND undone_link.other_id = identity_link.other_id
);

-- One row is one address that a source gives as a hash, with the address's identifier once that is seen.
CREATE TABLE hashed_email (
    identifier_id BIGINT NOT NULL,
    hash VARCHAR NOT NULL,
    clear_id BIGINT
);

-- An address as it was written, in lower case, where it carried a plus-tag: systems hash it with the tag.
CREATE TABLE tagged_email (
    identifier_id BIGINT NOT NULL,
    form VARCHAR NOT NULL
);

INSERT INTO hashed_email
SELECT identifier_id, lower(value), NULL
FROM identifier
WHERE kind = 'email' AND regexp_full_match(lower(value), '[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}')
ORDER BY identifier_id;

INSERT INTO identifier_source
SELECT identifier_id, source, min(load_id)
FROM (
    SELECT identifier_id, source, load_id FROM event
    UNION ALL SELECT identifier_id, source, load_id FROM identity_link
    UNION ALL SELECT other_id, source, load_id FROM identity_link
)
GROUP BY identifier_id, source
ORDER BY identifier_id, source;

CREATE TABLE identity_setting (
    name VARCHAR NOT NULL,
    value INTEGER NOT NULL
);

-- One row is one set of inferred links that the user accepted; its links carry its load_id.
CREATE TABLE inference (
    load_id INTEGER NOT NULL,
    threshold DOUBLE NOT NULL,
    links BIGINT NOT NULL,
    accepted_at TIMESTAMP NOT NULL
);
