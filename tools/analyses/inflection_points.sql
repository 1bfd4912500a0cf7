-- One row is one step, stage and first channel: how many people first came to a touchpoint there, and how many began (by rising a stage, or not) or ceased to be among those who had; without a touchpoint, of everyone.
WITH subject AS NOT MATERIALIZED (
    SELECT
        scoped_journey.journey_id,
        coalesce(scoped_journey.first_channel, '') AS channel,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.steps - CASE WHEN scoped_journey.outcome = 'converted' THEN 1 ELSE 0 END
            AS length
    FROM scoped_journey
    WHERE scoped_journey.mature
        AND scoped_journey.is_first
        AND (scoped_journey.steps > 1 OR scoped_journey.outcome <> 'converted')
),
arrival AS NOT MATERIALIZED (
    SELECT
        scoped_step.journey_id,
        scoped_step.touchpoint_id,
        scoped_step.channel_id,
        scoped_step.step,
        scoped_step.converted,
        scoped_step.journey_steps - CASE WHEN scoped_step.converted THEN 1 ELSE 0 END AS length
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
),
winner AS (
    SELECT count(*) AS persons
    FROM subject
    WHERE subject.converted
),
required AS (
    SELECT arrival.touchpoint_id
    FROM arrival
    CROSS JOIN winner
    WHERE arrival.converted
    GROUP BY arrival.touchpoint_id, winner.persons
    HAVING count(*) >= $required * winner.persons AND count(*) >= $minimum
),
rise AS (
    SELECT arrival.journey_id, arrival.step
    FROM arrival
    JOIN required ON arrival.touchpoint_id = required.touchpoint_id
),
passed AS (
    SELECT DISTINCT rise.journey_id, 0 AS step
    FROM rise
    UNION ALL
    SELECT rise.journey_id, rise.step
    FROM rise
),
numbered AS (
    SELECT
        passed.journey_id,
        greatest(passed.step, 1) AS first_step,
        lead(passed.step) OVER (PARTITION BY passed.journey_id ORDER BY passed.step) - 1 AS before_next,
        row_number() OVER (PARTITION BY passed.journey_id ORDER BY passed.step) - 1 AS stage
    FROM passed
),
stage AS (
    SELECT
        numbered.journey_id,
        subject.channel,
        subject.converted,
        numbered.stage,
        numbered.first_step,
        coalesce(numbered.before_next, subject.length) AS last_step
    FROM numbered
    JOIN subject ON numbered.journey_id = subject.journey_id
    WHERE numbered.first_step <= coalesce(numbered.before_next, subject.length)
),
presence AS (
    SELECT
        arrival.touchpoint_id,
        stage.channel,
        stage.converted,
        stage.stage,
        greatest(arrival.step, stage.first_step) AS first_step,
        stage.last_step,
        CASE WHEN arrival.step >= stage.first_step THEN 1 ELSE 0 END AS came,
        stage.stage > 0 AS rises,
        count(*) AS persons
    FROM arrival
    JOIN stage
        ON arrival.journey_id = stage.journey_id AND arrival.step <= stage.last_step
    GROUP BY ALL
    UNION ALL
    SELECT
        NULL AS touchpoint_id,
        stage.channel,
        stage.converted,
        stage.stage,
        stage.first_step,
        stage.last_step,
        0 AS came,
        stage.stage > 0 AS rises,
        count(*) AS persons
    FROM stage
    GROUP BY ALL
),
-- Journeys that never rise are in one stage from their first step to their last.
level AS (
    SELECT
        arrival.touchpoint_id,
        arrival.channel_id,
        arrival.converted,
        least(arrival.step, $deepest + 1) AS first_step,
        least(arrival.length, $deepest) AS last_step,
        count(*) AS persons
    FROM arrival
    WHERE arrival.journey_id NOT IN (SELECT rise.journey_id FROM rise)
    GROUP BY arrival.touchpoint_id, arrival.channel_id, arrival.converted, first_step, last_step
),
told AS (
    SELECT
        presence.touchpoint_id,
        presence.channel,
        presence.converted,
        presence.stage,
        presence.first_step,
        presence.last_step,
        presence.came,
        presence.rises,
        presence.persons
    FROM presence
    UNION ALL
    SELECT
        level.touchpoint_id,
        coalesce(channel.name, '') AS channel,
        level.converted,
        0 AS stage,
        level.first_step,
        level.last_step,
        1 AS came,
        false AS rises,
        level.persons
    FROM level
    LEFT JOIN channel ON level.channel_id = channel.channel_id
    UNION ALL
    SELECT
        NULL AS touchpoint_id,
        subject.channel,
        subject.converted,
        0 AS stage,
        1 AS first_step,
        least(subject.length, $deepest) AS last_step,
        0 AS came,
        false AS rises,
        count(*) AS persons
    FROM subject
    WHERE subject.journey_id NOT IN (SELECT rise.journey_id FROM rise)
    GROUP BY subject.channel, subject.converted, last_step
),
moved AS (
    SELECT
        told.touchpoint_id,
        told.channel,
        told.converted,
        told.stage,
        least(told.first_step, $deepest + 1) AS step,
        told.came * told.persons AS came,
        told.persons AS began,
        CASE WHEN told.came = 0 AND told.rises THEN told.persons ELSE 0 END AS rose,
        0 AS ceased
    FROM told
    UNION ALL
    SELECT
        told.touchpoint_id,
        told.channel,
        told.converted,
        told.stage,
        least(told.last_step, $deepest) + 1 AS step,
        0 AS came,
        0 AS began,
        0 AS rose,
        told.persons AS ceased
    FROM told
)
SELECT
    moved.touchpoint_id,
    touchpoint.label,
    moved.channel,
    moved.converted,
    CAST(moved.stage AS BIGINT) AS stage,
    CAST(moved.step AS BIGINT) AS step,
    CAST(sum(moved.came) AS BIGINT) AS came,
    CAST(sum(moved.began) AS BIGINT) AS began,
    CAST(sum(moved.rose) AS BIGINT) AS rose,
    CAST(sum(moved.ceased) AS BIGINT) AS ceased,
    moved.touchpoint_id IN (SELECT required.touchpoint_id FROM required) AS is_required
FROM moved
LEFT JOIN touchpoint ON moved.touchpoint_id = touchpoint.touchpoint_id
GROUP BY
    moved.touchpoint_id, touchpoint.label, moved.channel, moved.converted, moved.stage, moved.step
ORDER BY moved.touchpoint_id NULLS FIRST, moved.channel, moved.converted, moved.stage, moved.step
