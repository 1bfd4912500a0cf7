-- One row is one step, stage and first channel at which people first came to one of two touchpoints (`third`), in all or having been at the other (`second`) before: how many, how many converted later, and how many went no further.
WITH visit AS NOT MATERIALIZED (
    SELECT
        scoped_step.journey_id,
        CASE
            WHEN list_contains($first_ids, scoped_step.touchpoint_id) THEN -1
            WHEN list_contains($then_ids, scoped_step.touchpoint_id) THEN -2
            ELSE scoped_step.touchpoint_id
        END AS touchpoint_id,
        scoped_step.step,
        scoped_step.channel_id,
        scoped_step.converted,
        scoped_step.journey_steps - CASE WHEN scoped_step.converted THEN 1 ELSE 0 END AS length
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
),
arrival AS NOT MATERIALIZED (
    SELECT
        visit.journey_id,
        visit.touchpoint_id,
        visit.step,
        visit.channel_id,
        visit.converted,
        visit.length
    FROM visit
    WHERE visit.touchpoint_id >= 0
    UNION ALL
    SELECT
        visit.journey_id,
        visit.touchpoint_id,
        min(visit.step) AS step,
        any_value(visit.channel_id) AS channel_id,
        any_value(visit.converted) AS converted,
        any_value(visit.length) AS length
    FROM visit
    WHERE visit.touchpoint_id < 0
    GROUP BY visit.journey_id, visit.touchpoint_id
),
winner AS (
    SELECT count(*) AS persons
    FROM visit
    WHERE visit.step = 1 AND visit.converted
),
seen AS (
    SELECT
        arrival.touchpoint_id,
        count(*) AS persons,
        count(*) FILTER (WHERE arrival.converted) AS converted
    FROM arrival
    GROUP BY arrival.touchpoint_id
),
ranked AS (
    SELECT
        seen.touchpoint_id,
        seen.converted >= $required * winner.persons AND seen.converted >= $minimum AS is_required
    FROM seen
    CROSS JOIN winner
),
passed AS (
    SELECT arrival.journey_id, arrival.step
    FROM arrival
    JOIN ranked ON arrival.touchpoint_id = ranked.touchpoint_id
    WHERE ranked.is_required
),
placed AS NOT MATERIALIZED (
    SELECT *
    FROM arrival
    WHERE arrival.touchpoint_id < 0
),
come AS (
    SELECT
        placed.journey_id,
        placed.touchpoint_id,
        placed.step,
        placed.channel_id,
        placed.converted,
        placed.step = placed.length AS is_last,
        0 AS stage
    FROM placed
    WHERE placed.journey_id NOT IN (SELECT passed.journey_id FROM passed)
    UNION ALL
    SELECT
        placed.journey_id,
        placed.touchpoint_id,
        placed.step,
        any_value(placed.channel_id) AS channel_id,
        any_value(placed.converted) AS converted,
        placed.step = any_value(placed.length) AS is_last,
        count(*) FILTER (WHERE passed.step <= placed.step) AS stage
    FROM placed
    JOIN passed ON placed.journey_id = passed.journey_id
    GROUP BY placed.journey_id, placed.touchpoint_id, placed.step
),
done AS (
    SELECT
        NULL AS second_id,
        later.touchpoint_id AS third_id,
        later.channel_id,
        later.converted,
        later.step,
        later.stage,
        later.is_last
    FROM come AS later
    UNION ALL
    SELECT
        earlier.touchpoint_id AS second_id,
        later.touchpoint_id AS third_id,
        later.channel_id,
        later.converted,
        later.step,
        later.stage,
        later.is_last
    FROM come AS earlier
    JOIN come AS later ON earlier.journey_id = later.journey_id AND earlier.step < later.step
),
counted AS (
    SELECT
        done.second_id,
        done.third_id,
        least(done.step, $deepest) AS step,
        done.stage,
        done.channel_id,
        count(*) AS persons,
        count(*) FILTER (WHERE done.converted) AS converted,
        count(*) FILTER (WHERE done.is_last AND NOT done.converted) AS exits
    FROM done
    GROUP BY
        done.second_id,
        done.third_id,
        least(done.step, $deepest),
        done.stage,
        done.channel_id
)
SELECT
    counted.second_id,
    counted.third_id,
    CAST(counted.step AS BIGINT) AS step,
    CAST(counted.stage AS BIGINT) AS stage,
    coalesce(channel.name, '') AS channel,
    counted.persons,
    counted.converted,
    counted.exits
FROM counted
LEFT JOIN channel ON counted.channel_id = channel.channel_id
ORDER BY counted.second_id NULLS FIRST, counted.third_id, counted.step, counted.stage, channel
