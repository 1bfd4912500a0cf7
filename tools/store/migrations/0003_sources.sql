-- Many sources: ties that merge nobody, names that arrive late, rows that change, rules of the user's.

-- `tie` says what two identifiers seen together mean:
--   same    both are one person (smaller id first)
--   part    the first is a thing (deal, ticket, order) that belongs to the second; lowest rank wins
--   member  the first is a person, the second a group (account, company) whose traits it inherits
-- `weight` is a match weight in bits where the link was inferred, NULL where it was seen.
ALTER TABLE identity_link ADD COLUMN tie VARCHAR DEFAULT 'same';
ALTER TABLE identity_link ADD COLUMN rank INTEGER DEFAULT 0;
ALTER TABLE identity_link ADD COLUMN weight DOUBLE;
-- An identifier that many persons share bridges none of them.
ALTER TABLE identifier ADD COLUMN shared BOOLEAN DEFAULT false;

-- One row is one identifier in one system.
CREATE TABLE identifier_source (
    identifier_id BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    load_id INTEGER NOT NULL
);

-- One row is one identifier of a person who asked to be forgotten: its hash, and no more.
CREATE TABLE forgotten (
    identifier_id BIGINT NOT NULL,
    forgotten_at TIMESTAMP NOT NULL
);

-- A name as a source tells it; `touchpoint_id` is what it is shown as. `name` may refer to an entity.
CREATE TABLE touchpoint_name (
    name_id INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    touchpoint_group VARCHAR,
    kind VARCHAR NOT NULL,
    touchpoint_id INTEGER NOT NULL
);

INSERT INTO touchpoint_name
SELECT touchpoint_id, source, label, touchpoint_group, kind, touchpoint_id FROM touchpoint ORDER BY touchpoint_id;

ALTER TABLE touchpoint ADD COLUMN hidden BOOLEAN DEFAULT false;

-- `told_campaign` is the campaign as the source wrote it, where that refers to an entity; `origin` is what
-- the channel was told from (JSON); `version` orders the states of one event, `variant` is its content.
ALTER TABLE event ADD COLUMN name_id INTEGER;
ALTER TABLE event ADD COLUMN told_campaign VARCHAR;
ALTER TABLE event ADD COLUMN origin VARCHAR;
ALTER TABLE event ADD COLUMN version BIGINT DEFAULT 0;
ALTER TABLE event ADD COLUMN variant BIGINT DEFAULT 0;
UPDATE event SET name_id = touchpoint_id;

-- An event that its source took back: an older state of it does not return.
CREATE TABLE withdrawn_event (
    event_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    variant BIGINT NOT NULL
);

-- What another table of a source says of an event: its properties hold it as well.
CREATE TABLE event_detail (
    event_id BIGINT NOT NULL,
    field VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    load_id INTEGER NOT NULL
);

-- A named thing of a system that is no person: a campaign, a list, a deal stage, a form, a question.
CREATE TABLE entity (
    source VARCHAR NOT NULL,
    entity VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    load_id INTEGER NOT NULL
);

ALTER TABLE note ADD COLUMN told VARCHAR;
ALTER TABLE note ADD COLUMN version BIGINT DEFAULT 0;

-- One row is one row of an ad report; `spend` sums the coarsest level that a source gives for a day.
CREATE TABLE spend_row (
    spend_row_id BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    day DATE NOT NULL,
    level VARCHAR NOT NULL,
    channel VARCHAR,
    told_campaign VARCHAR NOT NULL,
    cost DOUBLE NOT NULL,
    currency VARCHAR,
    impressions BIGINT,
    clicks BIGINT,
    version BIGINT NOT NULL,
    load_id INTEGER NOT NULL
);

INSERT INTO spend_row
SELECT spend_id, source, day, 'campaign', channel, campaign, cost, currency, impressions, clicks, 0, load_id
FROM spend ORDER BY day, spend_id;

-- Rules of the user's, tried in order: names and page addresses (globs) to what is shown, and
-- what a visit came from to its channel.
CREATE TABLE touchpoint_rule (
    position INTEGER NOT NULL,
    pattern VARCHAR NOT NULL,
    label VARCHAR,
    touchpoint_group VARCHAR,
    hidden BOOLEAN NOT NULL
);

CREATE TABLE channel_rule (
    position INTEGER NOT NULL,
    field VARCHAR NOT NULL,
    pattern VARCHAR NOT NULL,
    channel VARCHAR NOT NULL
);

-- Where the next pull from a source's API begins.
CREATE TABLE source_cursor (
    source VARCHAR NOT NULL,
    endpoint VARCHAR NOT NULL,
    cursor VARCHAR NOT NULL,
    pulled_at TIMESTAMP NOT NULL
);

-- `accounts`: what became of the rows, by kind (JSON); `fields`: a rejected row, column by column (JSON).
ALTER TABLE load ADD COLUMN accounts VARCHAR;
ALTER TABLE rejected_row ADD COLUMN fields VARCHAR;
