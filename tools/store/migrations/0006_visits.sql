-- Which channel, campaign and source brought a person, visit by visit: what attribution shares out.

-- One row is one combination of channel, campaign and source that events carry.
CREATE TABLE touch (
    touch_id INTEGER NOT NULL,
    channel VARCHAR,
    campaign VARCHAR,
    source VARCHAR NOT NULL
);

-- One row is one run of a journey's actions with one touch and one session (one day, where the source
-- knows no sessions); the end event is a visit of its own. In order within each journey.
CREATE TABLE visit (
    definition_id INTEGER NOT NULL,
    journey_id BIGINT NOT NULL,
    touch_id INTEGER NOT NULL,
    session_key BIGINT NOT NULL,
    began_at TIMESTAMP NOT NULL,
    is_end BOOLEAN NOT NULL,
    converted BOOLEAN NOT NULL,
    started_at TIMESTAMP NOT NULL
);

INSERT INTO touch
SELECT row_number() OVER (ORDER BY told.channel, told.campaign, told.source), told.channel, told.campaign, told.source
FROM (SELECT DISTINCT channel, campaign, source FROM event WHERE kind = 'action') AS told;

INSERT INTO visit
WITH member AS (
    SELECT
        journey.definition_id,
        journey.journey_id,
        touch.touch_id,
        CASE
            WHEN event.session_id IS NULL THEN CAST(event.occurred_at AS DATE) - DATE '1970-01-01'
            ELSE CAST(hash(event.session_id) >> 1 AS BIGINT)
        END AS session_key,
        event.occurred_at,
        event.seq,
        journey.outcome = 'converted' AS converted,
        journey.started_at,
        row_number() OVER (
            PARTITION BY journey.definition_id, journey.journey_id ORDER BY event.occurred_at DESC, event.seq DESC
        ) = 1 AS is_newest
    FROM journey
    JOIN event
        ON journey.person_id = event.person_id
        AND event.occurred_at >= journey.started_at
        AND event.occurred_at <= journey.ended_at
    JOIN touchpoint ON event.touchpoint_id = touchpoint.touchpoint_id AND NOT touchpoint.hidden
    JOIN touch
        ON event.channel IS NOT DISTINCT FROM touch.channel
        AND event.campaign IS NOT DISTINCT FROM touch.campaign
        AND event.source = touch.source
    WHERE event.kind = 'action'
),
run AS (
    SELECT
        *,
        lag(touch_id) OVER journey_order IS DISTINCT FROM touch_id
            OR lag(session_key) OVER journey_order IS DISTINCT FROM session_key
            OR (converted AND is_newest) AS begins
    FROM member
    WINDOW journey_order AS (PARTITION BY definition_id, journey_id ORDER BY occurred_at, seq)
)
SELECT definition_id, journey_id, touch_id, session_key, occurred_at, converted AND is_newest, converted, started_at
FROM run
WHERE begins
ORDER BY definition_id, journey_id, occurred_at, seq;
