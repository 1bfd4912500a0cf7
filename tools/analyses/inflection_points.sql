-- One row is one step, stage and first channel: how many people first came to a touchpoint there, and how many began (by rising a stage, or not) or ceased to be among those who had; without a touchpoint, of everyone.
WITH candidate AS (
    SELECT
        scoped_journey.journey_id,
        coalesce(scoped_journey.first_channel, '') AS channel,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.steps - CASE WHEN scoped_journey.outcome = 'converted' THEN 1 ELSE 0 END
            AS length,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY
                scoped_journey.started_at, scoped_journey.ended_at, scoped_journey.journey_id
        ) AS number
    FROM scoped_journey
    WHERE scoped_journey.mature
),
subject AS (
    SELECT candidate.journey_id, candidate.channel, candidate.converted, candidate.length
    FROM candidate
    WHERE candidate.number = 1 AND candidate.length > 0
),
arrival AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.touchpoint_id,
        scoped_step.step,
        subject.converted
    FROM scoped_step
    JOIN subject ON scoped_step.journey_id = subject.journey_id
    WHERE scoped_step.first_visit AND NOT scoped_step.is_end
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
passed AS (
    SELECT subject.journey_id, 0 AS step
    FROM subject
    UNION ALL
    SELECT arrival.journey_id, arrival.step
    FROM arrival
    JOIN required ON arrival.touchpoint_id = required.touchpoint_id
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
moved AS (
    SELECT
        presence.touchpoint_id,
        presence.channel,
        presence.converted,
        presence.stage,
        least(presence.first_step, $deepest + 1) AS step,
        presence.came * presence.persons AS came,
        presence.persons AS began,
        CASE WHEN presence.came = 0 AND presence.rises THEN presence.persons ELSE 0 END AS rose,
        0 AS ceased
    FROM presence
    UNION ALL
    SELECT
        presence.touchpoint_id,
        presence.channel,
        presence.converted,
        presence.stage,
        least(presence.last_step, $deepest) + 1 AS step,
        0 AS came,
        0 AS began,
        0 AS rose,
        presence.persons AS ceased
    FROM presence
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
