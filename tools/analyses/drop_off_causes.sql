-- One row is one thing that was known on arrival (its kind, field and value), in one stratum of channel and depth: how many people arrived so, and how many left right there.
-- Steps are taken in the order in which they stand: the first that comes to any of the touchpoints is a
-- journey's arrival.
WITH came AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.step,
        scoped_step.occurred_at,
        scoped_step.gap_seconds,
        scoped_step.journey_started_at AS started_at,
        scoped_step.channel_id,
        scoped_step.converted AS has_converted,
        scoped_step.dropped AND scoped_step.step = scoped_step.journey_steps AS has_left,
        lag(scoped_step.journey_id) OVER (
            /* unless in order: PARTITION BY scoped_step.journey_id ORDER BY scoped_step.step */
        ) IS DISTINCT FROM scoped_step.journey_id AS is_first
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND scoped_step.touchpoint_id BETWEEN $lowest AND $highest
        AND list_extract(CAST($is_asked AS BOOLEAN[]), scoped_step.touchpoint_id)
),
arrived AS (
    SELECT * EXCLUDE (is_first)
    FROM came
    WHERE came.is_first
),
numbered AS (
    SELECT
        arrived.*,
        scoped_journey.person_id,
        scoped_journey.first_campaign,
        scoped_journey.first_properties,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id ORDER BY arrived.started_at, arrived.journey_id
        ) AS number
    FROM arrived
    JOIN scoped_journey ON arrived.journey_id = scoped_journey.journey_id
),
depth AS (
    SELECT
        *,
        CASE
            WHEN numbered.step <= 20 THEN numbered.step
            WHEN numbered.step <= 30 THEN 21
            ELSE 31
        END AS depth
    FROM numbered
    WHERE numbered.number = 1
),
-- A stratum is one number of channel, depth, whether they left and whether they converted, so that
-- people are counted by one key, and told apart only at the end.
subject AS (
    SELECT
        depth.journey_id,
        depth.person_id,
        depth.step,
        depth.occurred_at,
        depth.gap_seconds,
        epoch(depth.occurred_at) - epoch(depth.started_at) AS age_seconds,
        depth.channel_id,
        depth.first_campaign,
        depth.first_properties,
        coalesce(depth.channel_id, 0) * 128 + depth.depth * 4
        + CASE WHEN depth.has_left THEN 2 ELSE 0 END
        + CASE WHEN depth.has_converted THEN 1 ELSE 0 END AS stratum
    FROM depth
),
earlier AS (
    SELECT
        subject.journey_id,
        subject.stratum,
        scoped_step.touchpoint_id,
        scoped_step.first_visit,
        scoped_step.step = subject.step - 1 AS is_just_before,
        scoped_step.gap_seconds > $session_gap AS begins_visit
    FROM subject
    JOIN scoped_step ON subject.journey_id = scoped_step.journey_id
    WHERE scoped_step.step < subject.step
),
passed AS (
    SELECT
        earlier.touchpoint_id,
        earlier.stratum,
        count(*) FILTER (WHERE earlier.first_visit) AS seen,
        count(*) FILTER (WHERE earlier.is_just_before) AS just_before
    FROM earlier
    GROUP BY earlier.touchpoint_id, earlier.stratum
),
begun AS (
    SELECT earlier.journey_id, count(*) AS visits
    FROM earlier
    WHERE earlier.begins_visit
    GROUP BY earlier.journey_id
),
visit AS (
    SELECT
        subject.stratum,
        1 + coalesce(begun.visits, 0)
        + CASE WHEN subject.gap_seconds > $session_gap THEN 1 ELSE 0 END AS visits
    FROM subject
    LEFT JOIN begun ON subject.journey_id = begun.journey_id
),
shown AS (
    SELECT DISTINCT subject.journey_id, subject.stratum, event.touchpoint_id
    FROM subject
    JOIN event ON subject.person_id = event.person_id
    WHERE event.kind = 'exposure'
        AND event.occurred_at < subject.occurred_at
        AND event.occurred_at >= subject.occurred_at - INTERVAL 48 HOUR
        AND NOT list_contains(CAST($hidden AS INTEGER[]), event.touchpoint_id)
),
told AS (
    SELECT
        'seen' AS kind, '' AS field, touchpoint.label AS value, passed.stratum, passed.seen AS persons
    FROM passed
    JOIN touchpoint ON passed.touchpoint_id = touchpoint.touchpoint_id
    UNION ALL
    SELECT 'just before', '', touchpoint.label, passed.stratum, passed.just_before
    FROM passed
    JOIN touchpoint ON passed.touchpoint_id = touchpoint.touchpoint_id
    UNION ALL
    SELECT 'shown', '', touchpoint.label, shown.stratum, count(*)
    FROM shown
    JOIN touchpoint ON shown.touchpoint_id = touchpoint.touchpoint_id
    GROUP BY touchpoint.label, shown.stratum
    UNION ALL
    SELECT
        'steps',
        'steps before',
        CASE
            WHEN subject.step = 1 THEN 'none'
            WHEN subject.step = 2 THEN '1'
            WHEN subject.step <= 4 THEN '2 or 3'
            WHEN subject.step <= 8 THEN '4 to 7'
            ELSE '8 or more'
        END AS value,
        subject.stratum,
        count(*)
    FROM subject
    GROUP BY value, subject.stratum
    UNION ALL
    SELECT
        'visits',
        'visit',
        CASE
            WHEN visit.visits = 1 THEN 'first'
            WHEN visit.visits = 2 THEN 'second'
            ELSE 'third or later'
        END AS value,
        visit.stratum,
        count(*)
    FROM visit
    GROUP BY value, visit.stratum
    UNION ALL
    SELECT
        'pause',
        'pause just before',
        CASE
            WHEN subject.gap_seconds <= $session_gap THEN 'none'
            WHEN subject.gap_seconds <= 86400 THEN 'up to a day'
            WHEN subject.gap_seconds <= 604800 THEN 'up to a week'
            ELSE 'more than a week'
        END AS value,
        subject.stratum,
        count(*)
    FROM subject
    WHERE subject.gap_seconds IS NOT NULL
    GROUP BY value, subject.stratum
    UNION ALL
    SELECT
        'age',
        'time since the start',
        CASE
            WHEN subject.age_seconds <= 3600 THEN 'up to an hour'
            WHEN subject.age_seconds <= 86400 THEN 'up to a day'
            WHEN subject.age_seconds <= 604800 THEN 'up to a week'
            ELSE 'more than a week'
        END AS value,
        subject.stratum,
        count(*)
    FROM subject
    GROUP BY value, subject.stratum
    UNION ALL
    SELECT 'channel', 'channel', channel.name, subject.stratum, count(*)
    FROM subject
    JOIN channel ON subject.channel_id = channel.channel_id
    GROUP BY channel.name, subject.stratum
    UNION ALL
    SELECT 'field', 'campaign', subject.first_campaign, subject.stratum, count(*)
    FROM subject
    WHERE subject.first_campaign IS NOT NULL
    GROUP BY subject.first_campaign, subject.stratum
    UNION ALL
    SELECT 'field', trait.name, trait.value, subject.stratum, count(*)
    FROM subject
    JOIN trait ON subject.person_id = trait.person_id
    WHERE list_contains($traits, trait.name)
    GROUP BY trait.name, trait.value, subject.stratum
    UNION ALL
    SELECT
        'field',
        property.name,
        json_extract_string(subject.first_properties, '$."' || property.name || '"') AS value,
        subject.stratum,
        count(*)
    FROM subject
    CROSS JOIN (SELECT unnest($properties) AS name) AS property
    WHERE json_extract_string(subject.first_properties, '$."' || property.name || '"') IS NOT NULL
    GROUP BY property.name, value, subject.stratum
    UNION ALL
    SELECT 'everyone', '', '', subject.stratum, count(*)
    FROM subject
    GROUP BY subject.stratum
)
SELECT
    told.kind,
    told.field,
    told.value,
    coalesce(channel.name, '') AS channel,
    CAST((told.stratum // 4) % 32 AS BIGINT) AS depth,
    CAST(sum(told.persons) AS BIGINT) AS persons,
    CAST(sum(told.persons * ((told.stratum // 2) % 2)) AS BIGINT) AS exits,
    CAST(sum(told.persons * (told.stratum % 2)) AS BIGINT) AS converted
FROM told
LEFT JOIN channel ON told.stratum // 128 = channel.channel_id
WHERE told.persons > 0
GROUP BY told.kind, told.field, told.value, channel.name, depth
ORDER BY told.kind, told.field, told.value, channel, depth
