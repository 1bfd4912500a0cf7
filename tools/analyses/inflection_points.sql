-- One row is one step, stage and first channel: how many people first came to a touchpoint there, and how many began (by rising a stage, or not) or ceased to be among those who had; without a touchpoint, of everyone.
WITH arrival AS NOT MATERIALIZED (
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
rise AS (
    SELECT
        arrival.journey_id,
        arrival.step,
        arrival.channel_id,
        arrival.converted,
        arrival.length
    FROM arrival
    WHERE list_contains(CAST($required AS INTEGER[]), arrival.touchpoint_id)
),
passed AS (
    SELECT
        rise.journey_id,
        0 AS step,
        any_value(rise.channel_id) AS channel_id,
        any_value(rise.converted) AS converted,
        any_value(rise.length) AS length
    FROM rise
    GROUP BY rise.journey_id
    UNION ALL
    SELECT rise.journey_id, rise.step, rise.channel_id, rise.converted, rise.length
    FROM rise
),
numbered AS (
    SELECT
        passed.journey_id,
        passed.channel_id,
        passed.converted,
        passed.length,
        greatest(passed.step, 1) AS first_step,
        lead(passed.step) OVER (PARTITION BY passed.journey_id ORDER BY passed.step) - 1 AS before_next,
        row_number() OVER (PARTITION BY passed.journey_id ORDER BY passed.step) - 1 AS stage
    FROM passed
),
stage AS (
    SELECT
        numbered.journey_id,
        numbered.channel_id,
        numbered.converted,
        numbered.stage,
        numbered.first_step,
        coalesce(numbered.before_next, numbered.length) AS last_step
    FROM numbered
    WHERE numbered.first_step <= coalesce(numbered.before_next, numbered.length)
),
presence AS (
    SELECT
        arrival.touchpoint_id,
        stage.channel_id,
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
    WHERE len(CAST($required AS INTEGER[])) > 0
    GROUP BY ALL
    UNION ALL
    SELECT
        NULL AS touchpoint_id,
        stage.channel_id,
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
        presence.channel_id,
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
        level.channel_id,
        level.converted,
        0 AS stage,
        level.first_step,
        level.last_step,
        1 AS came,
        false AS rises,
        level.persons
    FROM level
    UNION ALL
    SELECT
        NULL AS touchpoint_id,
        level.channel_id,
        level.converted,
        0 AS stage,
        1 AS first_step,
        level.last_step,
        0 AS came,
        false AS rises,
        sum(level.persons) AS persons
    FROM level
    WHERE level.first_step = 1
    GROUP BY level.channel_id, level.converted, level.last_step
),
moved AS (
    SELECT
        told.touchpoint_id,
        told.channel_id,
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
        told.channel_id,
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
    coalesce(channel.name, '') AS channel,
    moved.converted,
    CAST(moved.stage AS BIGINT) AS stage,
    CAST(moved.step AS BIGINT) AS step,
    CAST(sum(moved.came) AS BIGINT) AS came,
    CAST(sum(moved.began) AS BIGINT) AS began,
    CAST(sum(moved.rose) AS BIGINT) AS rose,
    CAST(sum(moved.ceased) AS BIGINT) AS ceased
FROM moved
LEFT JOIN touchpoint ON moved.touchpoint_id = touchpoint.touchpoint_id
LEFT JOIN channel ON moved.channel_id = channel.channel_id
GROUP BY
    moved.touchpoint_id, touchpoint.label, channel.name, moved.converted, moved.stage, moved.step
ORDER BY moved.touchpoint_id NULLS FIRST, channel, moved.converted, moved.stage, moved.step
