-- One row is one thing that was known on arrival (its kind, field and value), in one stratum of channel and depth: how many people arrived so, and how many left right there.
WITH arrived AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.person_id,
        scoped_journey.started_at,
        scoped_journey.first_channel,
        scoped_journey.first_campaign,
        scoped_journey.first_properties,
        min(scoped_step.step) AS step,
        arg_min(scoped_step.occurred_at, scoped_step.step) AS occurred_at,
        arg_min(scoped_step.gap_seconds, scoped_step.step) AS gap_seconds,
        CASE
            WHEN scoped_journey.outcome = 'dropped' AND min(scoped_step.step) = scoped_journey.steps
                THEN 1
            ELSE 0
        END AS has_left,
        CASE WHEN scoped_journey.outcome = 'converted' THEN 1 ELSE 0 END AS has_converted
    FROM scoped_journey
    JOIN scoped_step ON scoped_journey.journey_id = scoped_step.journey_id
    WHERE scoped_journey.mature
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND list_contains(CAST($touchpoint_ids AS INTEGER[]), scoped_step.touchpoint_id)
    GROUP BY
        scoped_journey.journey_id,
        scoped_journey.person_id,
        scoped_journey.started_at,
        scoped_journey.first_channel,
        scoped_journey.first_campaign,
        scoped_journey.first_properties,
        scoped_journey.outcome,
        scoped_journey.steps
),
numbered AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY arrived.person_id ORDER BY arrived.started_at, arrived.journey_id
        ) AS number
    FROM arrived
),
subject AS (
    SELECT
        numbered.*,
        coalesce(numbered.first_channel, '') AS channel,
        CASE
            WHEN numbered.step <= 5 THEN numbered.step
            WHEN numbered.step <= 8 THEN 6
            WHEN numbered.step <= 15 THEN 9
            ELSE 16
        END AS depth
    FROM numbered
    WHERE numbered.number = 1
),
earlier AS (
    SELECT
        subject.journey_id,
        scoped_step.touchpoint_id,
        scoped_step.first_visit,
        scoped_step.step = subject.step - 1 AS is_just_before,
        scoped_step.gap_seconds > $session_gap AS begins_visit
    FROM subject
    JOIN scoped_step ON subject.journey_id = scoped_step.journey_id
    WHERE scoped_step.step < subject.step
),
visit AS (
    SELECT
        subject.journey_id,
        1 + count(*) FILTER (WHERE earlier.begins_visit)
        + CASE WHEN any_value(subject.gap_seconds) > $session_gap THEN 1 ELSE 0 END AS visits
    FROM subject
    LEFT JOIN earlier ON subject.journey_id = earlier.journey_id
    GROUP BY subject.journey_id
),
shown AS (
    SELECT DISTINCT subject.journey_id, event.touchpoint_id
    FROM subject
    JOIN event ON subject.person_id = event.person_id
    WHERE event.kind = 'exposure'
        AND event.occurred_at < subject.occurred_at
        AND event.occurred_at >= subject.occurred_at - INTERVAL 48 HOUR
),
told AS (
    SELECT earlier.journey_id, 'seen' AS kind, '' AS field, touchpoint.label AS value
    FROM earlier
    JOIN touchpoint ON earlier.touchpoint_id = touchpoint.touchpoint_id
    WHERE earlier.first_visit
    UNION ALL
    SELECT earlier.journey_id, 'just before' AS kind, '' AS field, touchpoint.label AS value
    FROM earlier
    JOIN touchpoint ON earlier.touchpoint_id = touchpoint.touchpoint_id
    WHERE earlier.is_just_before
    UNION ALL
    SELECT shown.journey_id, 'shown' AS kind, '' AS field, touchpoint.label AS value
    FROM shown
    JOIN touchpoint ON shown.touchpoint_id = touchpoint.touchpoint_id
    UNION ALL
    SELECT
        subject.journey_id,
        'steps' AS kind,
        'steps before' AS field,
        CASE
            WHEN subject.step = 1 THEN 'none'
            WHEN subject.step = 2 THEN '1'
            WHEN subject.step <= 4 THEN '2 or 3'
            WHEN subject.step <= 8 THEN '4 to 7'
            ELSE '8 or more'
        END AS value
    FROM subject
    UNION ALL
    SELECT
        visit.journey_id,
        'visits' AS kind,
        'visit' AS field,
        CASE
            WHEN visit.visits = 1 THEN 'first'
            WHEN visit.visits = 2 THEN 'second'
            ELSE 'third or later'
        END AS value
    FROM visit
    UNION ALL
    SELECT
        subject.journey_id,
        'pause' AS kind,
        'pause just before' AS field,
        CASE
            WHEN subject.gap_seconds <= $session_gap THEN 'none'
            WHEN subject.gap_seconds <= 86400 THEN 'up to a day'
            WHEN subject.gap_seconds <= 604800 THEN 'up to a week'
            ELSE 'more than a week'
        END AS value
    FROM subject
    WHERE subject.gap_seconds IS NOT NULL
    UNION ALL
    SELECT
        subject.journey_id,
        'age' AS kind,
        'time since the start' AS field,
        CASE
            WHEN epoch(subject.occurred_at) - epoch(subject.started_at) <= 3600 THEN 'up to an hour'
            WHEN epoch(subject.occurred_at) - epoch(subject.started_at) <= 86400 THEN 'up to a day'
            WHEN epoch(subject.occurred_at) - epoch(subject.started_at) <= 604800
                THEN 'up to a week'
            ELSE 'more than a week'
        END AS value
    FROM subject
    UNION ALL
    SELECT subject.journey_id, 'channel' AS kind, 'channel' AS field, subject.first_channel AS value
    FROM subject
    WHERE subject.first_channel IS NOT NULL
    UNION ALL
    SELECT subject.journey_id, 'field' AS kind, 'campaign' AS field, subject.first_campaign AS value
    FROM subject
    WHERE subject.first_campaign IS NOT NULL
    UNION ALL
    SELECT subject.journey_id, 'field' AS kind, trait.name AS field, trait.value
    FROM subject
    JOIN trait ON subject.person_id = trait.person_id
    WHERE list_contains($traits, trait.name)
    UNION ALL
    SELECT
        subject.journey_id,
        'field' AS kind,
        property.name AS field,
        json_extract_string(subject.first_properties, '$."' || property.name || '"') AS value
    FROM subject
    CROSS JOIN (SELECT unnest($properties) AS name) AS property
    WHERE json_extract_string(subject.first_properties, '$."' || property.name || '"') IS NOT NULL
    UNION ALL
    SELECT subject.journey_id, 'everyone' AS kind, '' AS field, '' AS value
    FROM subject
)
SELECT
    told.kind,
    told.field,
    told.value,
    subject.channel,
    CAST(subject.depth AS BIGINT) AS depth,
    count(*) AS persons,
    CAST(sum(subject.has_left) AS BIGINT) AS exits,
    CAST(sum(subject.has_converted) AS BIGINT) AS converted
FROM told
JOIN subject ON told.journey_id = subject.journey_id
GROUP BY told.kind, told.field, told.value, subject.channel, subject.depth
ORDER BY told.kind, told.field, told.value, subject.channel, depth
