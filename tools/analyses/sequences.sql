-- One row is one step, stage and first channel at which people first came to a touchpoint (`third`), in all or having been at one other (`second`), or at two others in order (`first`, `second`), before: how many, how many converted later, and how many went no further.
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
        row_number() OVER (ORDER BY seen.persons DESC, seen.touchpoint_id) AS place,
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
    SELECT arrival.*, ranked.place
    FROM arrival
    JOIN ranked ON arrival.touchpoint_id = ranked.touchpoint_id
    WHERE (NOT $is_named AND ranked.place <= $widest) OR arrival.touchpoint_id < 0
),
come AS (
    SELECT
        placed.journey_id,
        placed.touchpoint_id,
        placed.step,
        placed.channel_id,
        placed.converted,
        placed.place,
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
        any_value(placed.place) AS place,
        placed.step = any_value(placed.length) AS is_last,
        count(*) FILTER (WHERE passed.step <= placed.step) AS stage
    FROM placed
    JOIN passed ON placed.journey_id = passed.journey_id
    GROUP BY placed.journey_id, placed.touchpoint_id, placed.step
),
done AS (
    SELECT
        NULL AS first_id,
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
        NULL AS first_id,
        earlier.touchpoint_id AS second_id,
        later.touchpoint_id AS third_id,
        later.channel_id,
        later.converted,
        later.step,
        later.stage,
        later.is_last
    FROM come AS earlier
    JOIN come AS later ON earlier.journey_id = later.journey_id AND earlier.step < later.step
    UNION ALL
    SELECT
        earliest.touchpoint_id AS first_id,
        earlier.touchpoint_id AS second_id,
        later.touchpoint_id AS third_id,
        later.channel_id,
        later.converted,
        later.step,
        later.stage,
        later.is_last
    FROM come AS earliest
    JOIN come AS earlier
        ON earliest.journey_id = earlier.journey_id AND earliest.step < earlier.step
    JOIN come AS later ON earlier.journey_id = later.journey_id AND earlier.step < later.step
    WHERE NOT $is_named
        AND earliest.place <= $narrow
        AND earlier.place <= $narrow
        AND later.place <= $narrow
),
counted AS (
    SELECT
        done.first_id,
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
        done.first_id,
        done.second_id,
        done.third_id,
        least(done.step, $deepest),
        done.stage,
        done.channel_id
),
summed AS (
    SELECT
        counted.*,
        sum(counted.persons) OVER (
            PARTITION BY counted.first_id, counted.second_id, counted.third_id
        ) AS in_all
    FROM counted
)
SELECT
    summed.first_id,
    summed.second_id,
    summed.third_id,
    CAST(summed.step AS BIGINT) AS step,
    CAST(summed.stage AS BIGINT) AS stage,
    coalesce(channel.name, '') AS channel,
    summed.persons,
    summed.converted,
    summed.exits
FROM summed
LEFT JOIN channel ON summed.channel_id = channel.channel_id
WHERE summed.first_id IS NULL OR summed.in_all >= $minimum
ORDER BY
    summed.first_id NULLS FIRST,
    summed.second_id NULLS FIRST,
    summed.third_id,
    summed.step,
    summed.stage,
    channel
