-- Journeys and steps of the persons in `touched_person`, or of everyone.
-- Every `OVER ()` below streams over a table that is already in order: one sort in all.

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

-- One row is one action with its segment: no gap, no end event, lies inside a segment, so that
-- only the window can close a journey in it. The first start in a segment opens a journey.
CREATE OR REPLACE TEMP TABLE segmented_event AS
WITH neighbour AS (
    SELECT
        *,
        row_number() OVER () AS position,
        lag(person_id) OVER () AS previous_person_id,
        lag(occurred_at) OVER () AS previous_at,
        lag(is_end) OVER () AS previous_is_end
    FROM ordered_event
),
segmented AS (
    SELECT
        event_id,
        person_id,
        occurred_at,
        touchpoint_id,
        is_start,
        is_end,
        position,
        sum(CASE
            WHEN previous_person_id = person_id
                AND occurred_at - previous_at <= $inactivity
                AND NOT previous_is_end THEN 0
            ELSE 1
        END) OVER (ROWS UNBOUNDED PRECEDING) AS segment
    FROM neighbour
),
started AS (
    SELECT
        *,
        max(CASE WHEN is_start THEN segment END)
            OVER (ROWS UNBOUNDED PRECEDING) AS newest_start_segment
    FROM segmented
)
SELECT
    event_id,
    person_id,
    occurred_at,
    touchpoint_id,
    is_start,
    is_end,
    position,
    segment,
    is_start AND coalesce(lag(newest_start_segment) OVER (), 0) <> segment AS opens
FROM started;

-- One row is one further opening in a segment that outlives the window: from each opening on
-- to the first start beyond its window.
CREATE OR REPLACE TEMP TABLE later_opening AS
WITH RECURSIVE long_segment AS (
    SELECT segment, min(occurred_at) AS started_at
    FROM segmented_event
    WHERE is_start
    GROUP BY segment
    HAVING max(occurred_at) > min(occurred_at) + $window
),
start_time AS (
    SELECT segmented_event.segment, segmented_event.occurred_at, min(segmented_event.position) AS position
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
    SELECT pointer.segment, pointer.next_at
    FROM pointer
    JOIN long_segment
        ON pointer.segment = long_segment.segment AND pointer.occurred_at = long_segment.started_at
    UNION ALL
    SELECT pointer.segment, pointer.next_at
    FROM walked
    JOIN pointer ON walked.segment = pointer.segment AND walked.next_at = pointer.occurred_at
)
SELECT start_time.position
FROM walked
JOIN start_time ON walked.segment = start_time.segment AND walked.next_at = start_time.occurred_at;

UPDATE segmented_event SET opens = true
WHERE position IN (SELECT later_opening.position FROM later_opening);

-- One row is one step: an action inside a journey that does not repeat the one before it.
CREATE OR REPLACE TEMP TABLE new_step AS
WITH opened AS (
    SELECT
        *,
        last_value(CASE WHEN opens THEN event_id END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS journey_id,
        last_value(CASE WHEN opens THEN occurred_at END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS started_at,
        last_value(CASE WHEN opens THEN segment END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS opened_segment,
        coalesce(lead(person_id) OVER () <> person_id, true) AS is_newest
    FROM segmented_event
),
member AS (
    SELECT * FROM opened WHERE opened_segment = segment AND occurred_at - started_at <= $window
),
compared AS (
    SELECT
        *,
        lag(journey_id) OVER () AS previous_journey_id,
        lag(touchpoint_id) OVER () AS previous_touchpoint_id,
        coalesce(lead(journey_id) OVER () <> journey_id, true) AS is_last
    FROM member
),
kept AS (
    SELECT
        *,
        NOT $collapse_repeats OR is_end OR opens OR previous_touchpoint_id <> touchpoint_id AS is_step
    FROM compared
)
SELECT
    event_id,
    journey_id,
    person_id,
    touchpoint_id,
    occurred_at,
    started_at,
    is_end,
    is_step,
    is_last,
    is_newest,
    row_number() OVER () AS position,
    sum(CASE WHEN is_step THEN 1 ELSE 0 END) OVER (ROWS UNBOUNDED PRECEDING) AS step_position
FROM kept
WHERE is_step OR is_last;

INSERT INTO step
WITH numbered AS (
    SELECT
        *,
        last_value(CASE WHEN journey_id IS DISTINCT FROM previous_journey_id THEN step_position END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS first_position
    FROM (
        SELECT
            journey_id, touchpoint_id, occurred_at, is_end, step_position,
            lag(journey_id) OVER () AS previous_journey_id,
            lag(occurred_at) OVER () AS previous_at,
            lead(journey_id) OVER () AS following_journey_id,
            lead(touchpoint_id) OVER () AS following_touchpoint_id
        FROM new_step
        WHERE is_step
    )
)
SELECT
    $definition_id,
    journey_id,
    step_position - first_position + 1,
    touchpoint_id,
    occurred_at,
    CASE WHEN previous_journey_id = journey_id THEN epoch(occurred_at) - epoch(previous_at) END,
    CASE WHEN following_journey_id = journey_id THEN following_touchpoint_id END,
    is_end
FROM numbered;

-- One row is one journey, without what its opening and ending events carry.
CREATE OR REPLACE TEMP TABLE new_journey AS
SELECT
    journey_id,
    any_value(person_id) AS person_id,
    any_value(started_at) AS started_at,
    max(occurred_at) AS ended_at,
    CASE
        WHEN bool_or(is_end) THEN 'converted'
        WHEN bool_or(is_last AND is_newest) THEN 'open'
        ELSE 'dropped'
    END AS outcome,
    max(CASE WHEN is_end THEN event_id END) AS ending_id,
    count(*) FILTER (WHERE is_step) AS steps,
    coalesce(
        list(touchpoint_id ORDER BY position) FILTER (WHERE is_step AND NOT is_end), []
    ) AS touchpoints
FROM new_step
GROUP BY journey_id;

INSERT INTO path
SELECT DISTINCT (md5_number_lower(array_to_string(touchpoints, ',')) >> 1)::BIGINT, touchpoints
FROM new_journey
WHERE (md5_number_lower(array_to_string(touchpoints, ',')) >> 1)::BIGINT
    NOT IN (SELECT path.path_id FROM path);

INSERT INTO journey
SELECT
    $definition_id,
    new_journey.journey_id,
    new_journey.person_id,
    new_journey.started_at,
    new_journey.ended_at,
    new_journey.outcome,
    new_journey.steps,
    (md5_number_lower(array_to_string(new_journey.touchpoints, ',')) >> 1)::BIGINT,
    opening.channel,
    opening.campaign,
    opening.source,
    ending.value,
    ending.currency,
    opening.properties
FROM new_journey
JOIN event AS opening ON new_journey.journey_id = opening.event_id
LEFT JOIN event AS ending ON new_journey.ending_id = ending.event_id
ORDER BY new_journey.person_id, new_journey.started_at;

DROP TABLE ordered_event;
DROP TABLE segmented_event;
DROP TABLE later_opening;
DROP TABLE new_step;
DROP TABLE new_journey;
