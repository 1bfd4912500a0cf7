-- One row is one group of people alike, for one of the second things: half, channel, depth, how soon the second thing came after the first, how long they went on, and whether they converted.
WITH seen AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.occurred_at AS seen_at,
        scoped_step.step
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND list_contains(CAST($first_ids AS INTEGER[]), scoped_step.touchpoint_id)
    UNION ALL
    SELECT scoped_journey.journey_id, event.occurred_at AS seen_at, 0 AS step
    FROM event
    JOIN scoped_journey
        ON event.person_id = scoped_journey.person_id
        AND event.occurred_at >= scoped_journey.started_at
    WHERE event.kind = 'exposure'
        AND list_contains(CAST($first_ids AS INTEGER[]), event.touchpoint_id)
        AND scoped_journey.mature
        AND epoch(event.occurred_at) - epoch(scoped_journey.started_at) <= $window_seconds
        AND epoch(event.occurred_at) - epoch(scoped_journey.ended_at)
            <= CASE WHEN scoped_journey.outcome = 'converted' THEN 0 ELSE $inactivity_seconds END
),
moment AS (
    SELECT
        seen.journey_id,
        seen.seen_at,
        seen.step,
        scoped_journey.person_id,
        scoped_journey.started_at,
        scoped_journey.ended_at,
        scoped_journey.outcome = 'converted' AS converted,
        coalesce(scoped_journey.first_channel, '') AS channel,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY scoped_journey.started_at, scoped_journey.journey_id, seen.seen_at, seen.step
        ) AS number
    FROM seen
    JOIN scoped_journey ON seen.journey_id = scoped_journey.journey_id
),
subject AS (
    SELECT
        moment.journey_id,
        moment.seen_at,
        moment.step,
        moment.person_id,
        moment.started_at,
        moment.ended_at,
        moment.converted,
        moment.channel
    FROM moment
    WHERE moment.number = 1
),
-- A second thing may be several touchpoints: `then_places` says of each which one it belongs to.
listed AS (
    SELECT unnest(range(1, array_length(CAST($then_ids AS INTEGER[])) + 1)) AS number
),
second AS (
    SELECT
        CAST($then_places AS INTEGER[])[listed.number] AS place,
        CAST($then_ids AS INTEGER[])[listed.number] AS touchpoint_id
    FROM listed
),
reached AS (
    SELECT subject.journey_id, count(*) AS step
    FROM subject
    JOIN scoped_step
        ON subject.journey_id = scoped_step.journey_id
        AND scoped_step.occurred_at <= subject.seen_at
    WHERE subject.step = 0
    GROUP BY subject.journey_id
),
followed AS (
    SELECT subject.journey_id, second.place, scoped_step.occurred_at AS followed_at
    FROM subject
    JOIN scoped_step ON subject.journey_id = scoped_step.journey_id
    JOIN second ON scoped_step.touchpoint_id = second.touchpoint_id
    WHERE list_contains(CAST($then_ids AS INTEGER[]), scoped_step.touchpoint_id)
        AND (
            scoped_step.occurred_at > subject.seen_at
            OR (scoped_step.occurred_at = subject.seen_at AND scoped_step.step > subject.step)
        )
    UNION ALL
    SELECT subject.journey_id, second.place, event.occurred_at AS followed_at
    FROM event
    JOIN second ON event.touchpoint_id = second.touchpoint_id
    JOIN subject
        ON event.person_id = subject.person_id
        AND event.occurred_at >= subject.seen_at
    WHERE event.kind = 'exposure'
        AND list_contains(CAST($then_ids AS INTEGER[]), event.touchpoint_id)
        AND epoch(event.occurred_at) - epoch(subject.started_at) <= $window_seconds
        AND epoch(event.occurred_at) - epoch(subject.ended_at)
            <= CASE WHEN subject.converted THEN 0 ELSE $inactivity_seconds END
),
follower AS (
    SELECT followed.journey_id, followed.place, min(followed.followed_at) AS followed_at
    FROM followed
    GROUP BY followed.journey_id, followed.place
),
place AS (
    SELECT unnest(range($thens)) AS place
),
told AS (
    SELECT
        place.place,
        subject.person_id % $seed % 2 AS half,
        subject.channel,
        coalesce(nullif(subject.step, 0), reached.step) AS depth,
        epoch(follower.followed_at) - epoch(subject.seen_at) AS waited,
        epoch(subject.ended_at) - epoch(subject.seen_at) AS went_on,
        subject.converted
    FROM subject
    CROSS JOIN place
    LEFT JOIN reached ON subject.step = 0 AND subject.journey_id = reached.journey_id
    LEFT JOIN follower
        ON subject.journey_id = follower.journey_id AND place.place = follower.place
),
placed AS (
    SELECT
        told.place,
        told.half,
        told.channel,
        CASE
            WHEN told.depth <= 3 THEN told.depth
            WHEN told.depth <= 6 THEN 4
            WHEN told.depth <= 12 THEN 5
            ELSE 6
        END AS depth,
        CASE
            WHEN told.waited <= 3600 THEN 0
            WHEN told.waited <= 7200 THEN 1
            WHEN told.waited <= 14400 THEN 2
            WHEN told.waited <= 28800 THEN 3
            WHEN told.waited <= 43200 THEN 4
            WHEN told.waited <= 86400 THEN 5
            WHEN told.waited <= 172800 THEN 6
            WHEN told.waited <= 259200 THEN 7
            WHEN told.waited <= 432000 THEN 8
            WHEN told.waited <= 604800 THEN 9
            WHEN told.waited <= 1209600 THEN 10
            WHEN told.waited IS NULL THEN 12
            ELSE 11
        END AS waited,
        CASE
            WHEN told.went_on <= 3600 THEN 0
            WHEN told.went_on <= 7200 THEN 1
            WHEN told.went_on <= 14400 THEN 2
            WHEN told.went_on <= 28800 THEN 3
            WHEN told.went_on <= 43200 THEN 4
            WHEN told.went_on <= 86400 THEN 5
            WHEN told.went_on <= 172800 THEN 6
            WHEN told.went_on <= 259200 THEN 7
            WHEN told.went_on <= 432000 THEN 8
            WHEN told.went_on <= 604800 THEN 9
            WHEN told.went_on <= 1209600 THEN 10
            ELSE 11
        END AS went_on,
        told.converted
    FROM told
)
SELECT
    CAST(placed.place AS BIGINT) AS place,
    CAST(placed.half AS BIGINT) AS half,
    placed.channel,
    CAST(placed.depth AS BIGINT) AS depth,
    CAST(placed.waited AS BIGINT) AS waited,
    CAST(placed.went_on AS BIGINT) AS went_on,
    placed.converted,
    count(*) AS persons
FROM placed
GROUP BY
    placed.place,
    placed.half,
    placed.channel,
    placed.depth,
    placed.waited,
    placed.went_on,
    placed.converted
ORDER BY
    placed.place,
    placed.half,
    placed.channel,
    placed.depth,
    placed.waited,
    placed.went_on,
    placed.converted
