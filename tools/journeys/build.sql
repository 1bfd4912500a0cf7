-- Journeys and steps of the persons in `touched_person`, or of everyone.
-- Every `OVER` below streams over a table that is already in order: one sort in all.

-- One row is one action, in the order in which its person took it.
CREATE OR REPLACE TEMP TABLE ordered_event AS
SELECT
    event.event_id,
    event.person_id,
    event.occurred_at,
    event.touchpoint_id,
    /* start rule */ AS is_start,
    /* end rule */ AS is_end
FROM event
WHERE event.kind = 'action'
    AND event.occurred_at <= $as_of
    AND ($everyone OR event.person_id IN (SELECT touched_person.person_id FROM touched_person))
ORDER BY event.person_id, event.occurred_at, event.seq;

-- One row is one action with its segment: no long gap and no end event lies inside a segment, so
-- that only the window can close a journey in it. Its first start opens a journey; what stands
-- before that is outside of any.
CREATE OR REPLACE TEMP TABLE segmented_event AS
WITH neighbour AS (
    SELECT
        *,
        row_number() OVER () AS position,
        coalesce(
            lag(person_id) OVER () = person_id
            AND occurred_at - lag(occurred_at) OVER () <= $inactivity
            AND NOT lag(is_end) OVER (),
            false
        ) AS goes_on,
        lag(touchpoint_id) OVER () = touchpoint_id AS repeats,
        coalesce(lead(person_id) OVER () <> person_id, true) AS is_newest
    FROM ordered_event
),
segmented AS (
    SELECT
        *,
        count(*) FILTER (WHERE NOT goes_on) OVER (ROWS UNBOUNDED PRECEDING) AS segment
    FROM neighbour
),
started AS (
    SELECT
        *,
        last_value(CASE WHEN is_start THEN segment END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS started_segment
    FROM segmented
)
SELECT
    event_id,
    person_id,
    occurred_at,
    touchpoint_id,
    is_start,
    is_end,
    is_newest,
    goes_on AND repeats AS repeats,
    position,
    segment,
    is_start AND coalesce(lag(started_segment) OVER (), 0) <> segment AS opens,
    coalesce(started_segment = segment, false) AS inside
FROM started;

-- One row is one opening in a segment that outlives the window: its first start, then from each
-- opening on the first start beyond its window.
CREATE OR REPLACE TEMP TABLE long_opening AS
WITH RECURSIVE long_segment AS (
    SELECT segment, min(occurred_at) FILTER (WHERE is_start) AS started_at
    FROM segmented_event
    WHERE inside
    GROUP BY segment
    HAVING max(occurred_at) > min(occurred_at) FILTER (WHERE is_start) + $window
),
start_time AS (
    SELECT
        segmented_event.segment,
        segmented_event.occurred_at,
        min(segmented_event.position) AS position
    FROM segmented_event
    JOIN long_segment ON segmented_event.segment = long_segment.segment
    WHERE segmented_event.is_start
    GROUP BY segmented_event.segment, segmented_event.occurred_at
),
pointer AS (
    SELECT
        segment,
        occurred_at,
        min(occurred_at) OVER (
            PARTITION BY segment ORDER BY occurred_at
            RANGE BETWEEN $beyond_window FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS next_at
    FROM start_time
),
walked AS (
    SELECT pointer.segment, pointer.occurred_at, pointer.next_at
    FROM pointer
    JOIN long_segment
        ON pointer.segment = long_segment.segment AND pointer.occurred_at = long_segment.started_at
    UNION ALL
    SELECT pointer.segment, pointer.occurred_at, pointer.next_at
    FROM walked
    JOIN pointer ON walked.segment = pointer.segment AND walked.next_at = pointer.occurred_at
)
SELECT start_time.segment, start_time.position, start_time.occurred_at, walked.next_at
FROM walked
JOIN start_time
    ON walked.segment = start_time.segment AND walked.occurred_at = start_time.occurred_at;

UPDATE segmented_event SET opens = true
WHERE position IN (SELECT long_opening.position FROM long_opening);

-- Beyond one journey's window and before the next opening, no journey is open.
UPDATE segmented_event SET inside = false
WHERE position IN (
    SELECT segmented_event.position
    FROM segmented_event
    JOIN long_opening
        ON segmented_event.segment = long_opening.segment
        AND segmented_event.occurred_at > long_opening.occurred_at + $window
        AND (long_opening.next_at IS NULL OR segmented_event.occurred_at <= long_opening.next_at)
    LEFT JOIN long_opening AS following
        ON segmented_event.segment = following.segment
        AND long_opening.next_at = following.occurred_at
    WHERE following.position IS NULL OR segmented_event.position < following.position
);

-- One row is one action inside a journey.
CREATE OR REPLACE TEMP TABLE member_event AS
SELECT
    event_id,
    person_id,
    occurred_at,
    touchpoint_id,
    is_end,
    is_newest,
    opens,
    position,
    opens OR is_end OR NOT repeats OR NOT $collapse_repeats AS is_step,
    count(*) FILTER (WHERE opens) OVER (ROWS UNBOUNDED PRECEDING) AS journey
FROM segmented_event
WHERE inside;

-- One row is one journey, without what its first and last events carry.
CREATE OR REPLACE TEMP TABLE new_journey AS
WITH grouped AS (
    SELECT
        journey,
        max(CASE WHEN opens THEN event_id END) AS journey_id,
        any_value(person_id) AS person_id,
        min(occurred_at) AS started_at,
        max(occurred_at) AS ended_at,
        CASE
            WHEN bool_or(is_end) THEN 'converted'
            WHEN bool_or(is_newest) THEN 'open'
            ELSE 'dropped'
        END AS outcome,
        max(CASE WHEN is_end THEN event_id END) AS ending_id,
        count(*) FILTER (WHERE is_step) AS steps,
        coalesce(
            list(touchpoint_id ORDER BY position) FILTER (WHERE is_step AND NOT is_end), []
        ) AS touchpoints
    FROM member_event
    GROUP BY journey
)
SELECT
    *,
    CAST(md5_number_lower(array_to_string(touchpoints, ',')) >> 1 AS BIGINT) AS path_id
FROM grouped;

-- The first visit to a touchpoint is looked up in the journey's list, which a long journey would
-- make a copy of for each of its steps: there it is counted.
INSERT INTO step
WITH neighbour AS (
    SELECT
        *,
        row_number() OVER () AS step_position,
        lag(occurred_at) OVER () AS previous_at,
        lead(journey) OVER () AS next_journey,
        lead(touchpoint_id) OVER () AS next_touchpoint_id
    FROM member_event
    WHERE is_step
),
numbered AS (
    SELECT
        *,
        step_position - last_value(CASE WHEN opens THEN step_position END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) + 1 AS step
    FROM neighbour
),
long_arrival AS (
    SELECT numbered.journey, numbered.touchpoint_id, min(numbered.step) AS step
    FROM numbered
    JOIN new_journey ON numbered.journey = new_journey.journey
    WHERE new_journey.steps > $long
    GROUP BY numbered.journey, numbered.touchpoint_id
)
SELECT
    $definition_id,
    new_journey.journey_id,
    numbered.step,
    numbered.touchpoint_id,
    numbered.occurred_at,
    CASE WHEN NOT numbered.opens THEN epoch(numbered.occurred_at) - epoch(numbered.previous_at) END,
    CASE WHEN numbered.next_journey = numbered.journey THEN numbered.next_touchpoint_id END,
    numbered.is_end,
    numbered.step = coalesce(
        long_arrival.step,
        CASE
            WHEN new_journey.steps <= $long
                THEN list_position(new_journey.touchpoints, numbered.touchpoint_id)
        END,
        numbered.step
    )
FROM numbered
JOIN new_journey ON numbered.journey = new_journey.journey
LEFT JOIN long_arrival
    ON numbered.journey = long_arrival.journey
    AND numbered.touchpoint_id = long_arrival.touchpoint_id;

INSERT INTO path
SELECT new_journey.path_id, any_value(new_journey.touchpoints)
FROM new_journey
WHERE new_journey.path_id NOT IN (SELECT path.path_id FROM path)
GROUP BY new_journey.path_id;

INSERT INTO journey
SELECT
    $definition_id,
    new_journey.journey_id,
    new_journey.person_id,
    new_journey.started_at,
    new_journey.ended_at,
    new_journey.outcome,
    new_journey.steps,
    new_journey.path_id,
    opening.channel,
    opening.campaign,
    opening.source,
    ending.value,
    ending.currency,
    opening.properties
FROM new_journey
JOIN event AS opening ON new_journey.journey_id = opening.event_id
LEFT JOIN event AS ending ON new_journey.ending_id = ending.event_id;

DROP TABLE ordered_event;
DROP TABLE segmented_event;
DROP TABLE long_opening;
DROP TABLE member_event;
DROP TABLE new_journey;
