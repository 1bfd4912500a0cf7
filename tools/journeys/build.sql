-- Journeys and steps of the persons between $low and $high of `source_event`: all events, or those of
-- the persons touched. Every `OVER` below streams over a table that is already in order: one sort in
-- all, and none where the events stand sorted.

-- One row is one action, in the order in which its person took it.
CREATE OR REPLACE TEMP TABLE ordered_event AS
SELECT
    event.event_id,
    event.person_id,
    event.occurred_at,
    event.touchpoint_id,
    hash(event.channel, event.campaign, event.source) AS touch_key,
    CASE
        WHEN event.session_id IS NULL THEN CAST(event.occurred_at AS DATE) - DATE '1970-01-01'
        ELSE CAST(hash(event.session_id) >> 1 AS BIGINT)
    END AS session_key,
    /* start rule */ AS is_start,
    /* end rule */ AS is_end
FROM source_event AS event
WHERE event.kind = 'action'
    AND event.occurred_at <= $as_of
    AND NOT coalesce(list_extract($hidden::BOOLEAN[], event.touchpoint_id), false)
    AND event.person_id BETWEEN $low AND $high
/* order */;

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
        lag(touch_key) OVER () = touch_key AND lag(session_key) OVER () = session_key AS stays,
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
    touch_key,
    session_key,
    stays,
    position,
    segment,
    is_start AND coalesce(lag(started_segment) OVER (), 0) <> segment AS opens,
    coalesce(started_segment = segment, false) AS inside
FROM started;

DROP TABLE ordered_event;

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
    touch_key,
    session_key,
    opens OR is_end OR NOT stays AS begins_visit,
    count(*) FILTER (WHERE opens) OVER (ROWS UNBOUNDED PRECEDING) AS journey
FROM segmented_event
WHERE inside;

DROP TABLE segmented_event;
DROP TABLE long_opening;

-- One row is one journey's first event: what it came with.
CREATE OR REPLACE TEMP TABLE opening AS
SELECT
    opener.*,
    event.channel,
    event.campaign,
    event.source,
    event.properties
FROM (
    SELECT
        journey,
        event_id AS journey_id,
        person_id,
        occurred_at AS started_at,
        CASE WHEN lag(person_id) OVER () = person_id THEN lag(occurred_at) OVER () END AS previous_at
    FROM member_event
    WHERE opens
) AS opener
JOIN source_event AS event ON opener.journey_id = event.event_id
WHERE event.person_id BETWEEN $low AND $high;

INSERT INTO channel
SELECT
    (SELECT coalesce(max(channel.channel_id), 0) FROM channel) + row_number() OVER (ORDER BY name),
    name
FROM (SELECT DISTINCT opening.channel AS name FROM opening WHERE opening.channel IS NOT NULL) AS told
WHERE name NOT IN (SELECT channel.name FROM channel)
ORDER BY name;

-- One row is one journey. Where its events stand is put in front of their touchpoints, so that one
-- list of numbers holds both and can be sorted.
CREATE OR REPLACE TEMP TABLE new_journey AS
WITH grouped AS (
    SELECT
        journey,
        min(occurred_at) AS started_at,
        max(occurred_at) AS ended_at,
        bool_or(is_end) AS converted,
        NOT bool_or(is_end) AND bool_or(is_newest) AS is_open,
        max(CASE WHEN is_end THEN event_id END) AS ending_id,
        list_sort(list((position << 32) + touchpoint_id) FILTER (WHERE is_step)) AS placed,
        list_sort(list(occurred_at) FILTER (WHERE is_step)) AS times
    FROM member_event
    GROUP BY journey
)
SELECT
    grouped.*,
    opening.journey_id,
    opening.previous_at,
    channel.channel_id,
    list_transform(grouped.placed, lambda told: CAST(told & 4294967295 AS INTEGER)) AS visited,
    array_length(grouped.placed) AS steps
FROM grouped
JOIN opening ON grouped.journey = opening.journey
LEFT JOIN channel ON opening.channel = channel.name;

INSERT INTO touch
SELECT
    (SELECT coalesce(max(touch.touch_id), 0) FROM touch)
        + row_number() OVER (ORDER BY told.channel, told.campaign, told.source),
    told.channel,
    told.campaign,
    told.source
FROM (
    SELECT DISTINCT event.channel, event.campaign, event.source
    FROM source_event AS event
    WHERE event.person_id BETWEEN $low AND $high
) AS told
WHERE NOT EXISTS (
    SELECT 1
    FROM touch
    WHERE touch.channel IS NOT DISTINCT FROM told.channel
        AND touch.campaign IS NOT DISTINCT FROM told.campaign
        AND touch.source = told.source
);

-- Visits of a journey stand together and in order: questions about what follows what stream over them.
INSERT INTO visit (
    definition_id, journey_id, touch_id, session_key, began_at, is_end, converted, started_at
)
SELECT
    $definition_id,
    new_journey.journey_id,
    touch.touch_id,
    member_event.session_key,
    member_event.occurred_at,
    member_event.is_end,
    new_journey.converted,
    new_journey.started_at
FROM member_event
JOIN new_journey ON member_event.journey = new_journey.journey
JOIN touch ON member_event.touch_key = hash(touch.channel, touch.campaign, touch.source)
WHERE member_event.begins_visit
ORDER BY member_event.position;

DROP TABLE member_event;

INSERT INTO step (
    definition_id, journey_id, step, touchpoint_id, occurred_at, gap_seconds, next_touchpoint_id,
    is_end, first_visit, next_gap_seconds, converted, is_open, started_at, ended_at, steps,
    previous_at, channel_id
)
WITH numbered AS (
    SELECT
        journey_id,
        converted,
        is_open,
        started_at,
        ended_at,
        steps,
        previous_at,
        channel_id,
        unnest(range(1, steps + 1)) AS step,
        unnest(visited) AS touchpoint_id,
        unnest(visited[2:]) AS next_touchpoint_id,
        unnest(times) AS occurred_at,
        unnest(times[2:]) AS next_at,
        unnest(list_prepend(NULL, times[:-2])) AS previous_step_at,
        unnest(list_transform(visited, lambda told, place: list_position(visited, told) = place))
            AS first_visit
    FROM new_journey
)
SELECT
    $definition_id,
    journey_id,
    step,
    touchpoint_id,
    occurred_at,
    epoch(occurred_at) - epoch(previous_step_at),
    next_touchpoint_id,
    converted AND step = steps,
    first_visit,
    epoch(next_at) - epoch(occurred_at),
    converted,
    is_open,
    started_at,
    ended_at,
    steps,
    previous_at,
    channel_id
FROM numbered;

-- One row is one journey's path, under a number that holds for this build.
CREATE OR REPLACE TEMP TABLE new_path AS
SELECT journey, touchpoints, hash(touchpoints) AS spelling
FROM (
    SELECT
        journey,
        CASE WHEN converted THEN array_slice(visited, 1, steps - 1) ELSE visited END AS touchpoints
    FROM new_journey
);

-- One row is one distinct path.
CREATE OR REPLACE TEMP TABLE known_path AS
SELECT
    spelling,
    CAST(md5_number_lower(array_to_string(touchpoints, ',')) >> 1 AS BIGINT) AS path_id,
    touchpoints
FROM new_path
WHERE journey IN (SELECT min(new_path.journey) FROM new_path GROUP BY new_path.spelling);

INSERT INTO path
SELECT known_path.path_id, known_path.touchpoints
FROM known_path
WHERE known_path.path_id NOT IN (SELECT path.path_id FROM path);

INSERT INTO journey (
    definition_id, journey_id, person_id, started_at, ended_at, outcome, steps, path_id,
    first_channel, first_campaign, first_source, value, currency, first_properties, previous_at,
    last_touchpoint_id
)
SELECT
    $definition_id,
    opening.journey_id,
    opening.person_id,
    new_journey.started_at,
    new_journey.ended_at,
    CASE
        WHEN new_journey.converted THEN 'converted'
        WHEN new_journey.is_open THEN 'open'
        ELSE 'dropped'
    END,
    new_journey.steps,
    known_path.path_id,
    opening.channel,
    opening.campaign,
    opening.source,
    ending.value,
    ending.currency,
    opening.properties,
    new_journey.previous_at,
    new_path.touchpoints[array_length(new_path.touchpoints)]
FROM opening
JOIN new_journey ON opening.journey = new_journey.journey
JOIN new_path ON opening.journey = new_path.journey
JOIN known_path ON new_path.spelling = known_path.spelling
LEFT JOIN source_event AS ending
    ON new_journey.ending_id = ending.event_id AND ending.person_id BETWEEN $low AND $high;

DROP TABLE opening;
DROP TABLE new_path;
DROP TABLE known_path;
DROP TABLE new_journey;
