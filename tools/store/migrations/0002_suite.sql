-- What the whole suite of analyses reads: first visits, saved segments, changes with what was expected.
ALTER TABLE step ADD COLUMN first_visit BOOLEAN;

UPDATE step SET first_visit = NOT EXISTS (
    SELECT 1 FROM step AS earlier
    WHERE earlier.definition_id = step.definition_id
        AND earlier.journey_id = step.journey_id
        AND earlier.touchpoint_id = step.touchpoint_id
        AND earlier.step < step.step
);

-- A saved segment: filters that must all hold, as they are written (`channel = email`), as JSON.
CREATE TABLE segment (
    name VARCHAR NOT NULL,
    conditions VARCHAR NOT NULL,
    saved_at TIMESTAMP NOT NULL
);

-- Those of a saved segment that was a list of people, not a filter.
CREATE TABLE segment_person (
    name VARCHAR NOT NULL,
    person_id BIGINT NOT NULL
);

DROP TABLE change;

-- Something that the team did or that happened to it. `audience` holds filters as JSON;
-- `expected` what was expected of it, as JSON: extra conversions, low, high, and the facts it rests on.
CREATE TABLE change (
    change_id BIGINT NOT NULL,
    happened_on DATE NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    audience VARCHAR NOT NULL,
    expected VARCHAR,
    recorded_at TIMESTAMP NOT NULL
);
