-- The first schema. Tables are singular; times are UTC; ids of persons and events come from content.
CREATE SEQUENCE load_sequence START 1;

CREATE TABLE load (
    load_id INTEGER PRIMARY KEY DEFAULT nextval('load_sequence'),
    source VARCHAR NOT NULL,
    connector VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    mapping VARCHAR NOT NULL,
    rows_read BIGINT NOT NULL,
    rows_taken BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL,
    rows_duplicate BIGINT NOT NULL,
    events BIGINT NOT NULL,
    first_at TIMESTAMP,
    last_at TIMESTAMP,
    loaded_at TIMESTAMP NOT NULL
);

CREATE TABLE rejected_row (
    load_id INTEGER NOT NULL,
    line BIGINT NOT NULL,
    field VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    raw VARCHAR NOT NULL
);

-- event_id is a hash of the row's content and of its repeat number among equal rows;
-- seq orders a person's events that share a time: the row's line, then the hash.
CREATE TABLE event (
    event_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    identifier_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    touchpoint_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    channel VARCHAR,
    campaign VARCHAR,
    session_id VARCHAR,
    value DOUBLE,
    currency VARCHAR,
    properties VARCHAR,
    load_id INTEGER NOT NULL
);

CREATE TABLE identifier (
    identifier_id BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    person_id BIGINT NOT NULL
);

CREATE TABLE identity_link (
    identifier_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    load_id INTEGER NOT NULL
);

CREATE TABLE identifier_trait (
    identifier_id BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    set_at TIMESTAMP NOT NULL,
    load_id INTEGER NOT NULL
);

CREATE TABLE person (
    person_id BIGINT NOT NULL,
    first_at TIMESTAMP NOT NULL,
    last_at TIMESTAMP NOT NULL,
    events BIGINT NOT NULL
);

-- A person's traits, one row each: the latest value that any of the person's identifiers carried.
CREATE TABLE trait (
    person_id BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);

CREATE TABLE touchpoint (
    touchpoint_id INTEGER NOT NULL,
    label VARCHAR NOT NULL,
    touchpoint_group VARCHAR,
    source VARCHAR NOT NULL,
    kind VARCHAR NOT NULL
);

CREATE TABLE note (
    note_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    identifier_id BIGINT NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    load_id INTEGER NOT NULL
);

CREATE TABLE spend (
    spend_id BIGINT NOT NULL,
    day DATE NOT NULL,
    source VARCHAR NOT NULL,
    channel VARCHAR,
    campaign VARCHAR NOT NULL,
    cost DOUBLE NOT NULL,
    currency VARCHAR,
    impressions BIGINT,
    clicks BIGINT,
    load_id INTEGER NOT NULL
);

CREATE SEQUENCE journey_definition_sequence START 1;

CREATE TABLE journey_definition (
    definition_id INTEGER PRIMARY KEY DEFAULT nextval('journey_definition_sequence'),
    name VARCHAR NOT NULL UNIQUE,
    definition VARCHAR NOT NULL,
    is_default BOOLEAN NOT NULL
);

-- outcome is 'converted', 'dropped' (closed by a later event) or 'open' (closed by no event yet);
-- whether an open journey is active, and whether a journey is mature, depends on as_of
-- and is told when a scope is read.
CREATE TABLE journey (
    definition_id INTEGER NOT NULL,
    journey_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP NOT NULL,
    outcome VARCHAR NOT NULL,
    steps BIGINT NOT NULL,
    path_id BIGINT NOT NULL,
    first_channel VARCHAR,
    first_campaign VARCHAR,
    first_source VARCHAR NOT NULL,
    value DOUBLE,
    currency VARCHAR,
    first_properties VARCHAR
);

CREATE TABLE step (
    definition_id INTEGER NOT NULL,
    journey_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    touchpoint_id INTEGER NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    gap_seconds DOUBLE,
    next_touchpoint_id INTEGER,
    is_end BOOLEAN NOT NULL
);

-- The touchpoints of a path, in order, without the end event; shared by all definitions.
CREATE TABLE path (
    path_id BIGINT NOT NULL,
    touchpoints INTEGER[] NOT NULL
);

CREATE TABLE change (
    change_id BIGINT NOT NULL,
    happened_on DATE NOT NULL,
    name VARCHAR NOT NULL,
    expected VARCHAR,
    audience VARCHAR
);

CREATE TABLE finding (
    finding_id BIGINT NOT NULL,
    found_at TIMESTAMP NOT NULL,
    analysis VARCHAR NOT NULL,
    sentence VARCHAR NOT NULL,
    facts VARCHAR NOT NULL
);
