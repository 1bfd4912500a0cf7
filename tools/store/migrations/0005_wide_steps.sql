-- A step carries what its journey is, and a journey when its person's one before it began: questions
-- about steps, and about each person's first journey since a day, need no join and no sort.
-- Truth values and numbers only: they cost little to write and to keep.
ALTER TABLE journey ADD COLUMN previous_at TIMESTAMP;
ALTER TABLE journey ADD COLUMN last_touchpoint_id INTEGER;

-- Names of first channels, so that a step can carry its journey's as a number.
CREATE TABLE channel (
    channel_id INTEGER NOT NULL,
    name VARCHAR NOT NULL
);

ALTER TABLE step ADD COLUMN next_gap_seconds DOUBLE;
ALTER TABLE step ADD COLUMN converted BOOLEAN;
ALTER TABLE step ADD COLUMN is_open BOOLEAN;
ALTER TABLE step ADD COLUMN started_at TIMESTAMP;
ALTER TABLE step ADD COLUMN ended_at TIMESTAMP;
ALTER TABLE step ADD COLUMN steps BIGINT;
ALTER TABLE step ADD COLUMN previous_at TIMESTAMP;
ALTER TABLE step ADD COLUMN channel_id INTEGER;

UPDATE journey SET previous_at = known.previous_at, last_touchpoint_id = known.last_touchpoint_id
FROM (
    SELECT
        journey.definition_id,
        journey.journey_id,
        lag(journey.started_at) OVER (
            PARTITION BY journey.definition_id, journey.person_id
            ORDER BY journey.started_at, journey.ended_at, journey.journey_id
        ) AS previous_at,
        path.touchpoints[array_length(path.touchpoints)] AS last_touchpoint_id
    FROM journey
    LEFT JOIN path ON journey.path_id = path.path_id
) AS known
WHERE journey.definition_id = known.definition_id AND journey.journey_id = known.journey_id;

INSERT INTO channel
SELECT row_number() OVER (ORDER BY first_channel), first_channel
FROM (SELECT DISTINCT first_channel FROM journey WHERE first_channel IS NOT NULL) AS known
ORDER BY first_channel;

UPDATE step SET
    converted = journey.outcome = 'converted',
    is_open = journey.outcome = 'open',
    started_at = journey.started_at,
    ended_at = journey.ended_at,
    steps = journey.steps,
    previous_at = journey.previous_at,
    channel_id = channel.channel_id
FROM journey
LEFT JOIN channel ON journey.first_channel = channel.name
WHERE step.definition_id = journey.definition_id AND step.journey_id = journey.journey_id;

UPDATE step SET next_gap_seconds = following.gap_seconds
FROM step AS following
WHERE step.definition_id = following.definition_id
    AND step.journey_id = following.journey_id
    AND step.step + 1 = following.step;
