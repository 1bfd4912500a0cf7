-- One row is one step, stage and first channel at which people first came to a touchpoint (`third`), in all or having been at one other (`second`), or at two others in order (`first`, `second`), before: how many, how many converted later, and how many went no further.
WITH candidate AS (
    SELECT
        scoped_journey.path_id,
        coalesce(scoped_journey.first_channel, '') AS channel,
        scoped_journey.outcome = 'converted' AS converted,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY
                scoped_journey.started_at, scoped_journey.ended_at, scoped_journey.journey_id
        ) AS number
    FROM scoped_journey
    WHERE scoped_journey.mature
),
walked AS (
    SELECT candidate.path_id, candidate.channel, candidate.converted, count(*) AS persons
    FROM candidate
    WHERE candidate.number = 1
    GROUP BY candidate.path_id, candidate.channel, candidate.converted
),
spelled AS (
    SELECT
        path.path_id,
        unnest(path.touchpoints) AS touchpoint_id,
        generate_subscripts(path.touchpoints, 1) AS step
    FROM path
    WHERE path.path_id IN (SELECT walked.path_id FROM walked)
),
named AS (
    SELECT
        spelled.path_id,
        CASE
            WHEN list_contains($first_ids, spelled.touchpoint_id) THEN -1
            WHEN list_contains($then_ids, spelled.touchpoint_id) THEN -2
            ELSE spelled.touchpoint_id
        END AS touchpoint_id,
        spelled.step
    FROM spelled
),
arrival AS (
    SELECT named.path_id, named.touchpoint_id, min(named.step) AS step
    FROM named
    GROUP BY named.path_id, named.touchpoint_id
),
size AS (
    SELECT arrival.path_id, max(spelled.step) AS length
    FROM spelled
    JOIN (SELECT DISTINCT arrival.path_id FROM arrival) AS arrival
        ON spelled.path_id = arrival.path_id
    GROUP BY arrival.path_id
),
weight AS (
    SELECT
        walked.path_id,
        sum(walked.persons) AS persons,
        sum(CASE WHEN walked.converted THEN walked.persons ELSE 0 END) AS converted
    FROM walked
    GROUP BY walked.path_id
),
winner AS (
    SELECT sum(weight.converted) AS persons
    FROM weight
    JOIN size ON weight.path_id = size.path_id
),
seen AS (
    SELECT
        arrival.touchpoint_id,
        sum(weight.persons) AS persons,
        sum(weight.converted) AS converted
    FROM arrival
    JOIN weight ON arrival.path_id = weight.path_id
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
    SELECT arrival.path_id, arrival.step
    FROM arrival
    JOIN ranked ON arrival.touchpoint_id = ranked.touchpoint_id
    WHERE ranked.is_required
),
come AS (
    SELECT
        arrival.path_id,
        arrival.touchpoint_id,
        arrival.step,
        ranked.place,
        arrival.step = size.length AS is_last,
        (
            SELECT count(*) FROM passed
            WHERE passed.path_id = arrival.path_id AND passed.step <= arrival.step
        ) AS stage
    FROM arrival
    JOIN ranked ON arrival.touchpoint_id = ranked.touchpoint_id
    JOIN size ON arrival.path_id = size.path_id
    WHERE (NOT $is_named AND ranked.place <= $widest) OR arrival.touchpoint_id < 0
),
done AS (
    SELECT
        NULL AS first_id,
        NULL AS second_id,
        later.touchpoint_id AS third_id,
        later.path_id,
        later.step,
        later.stage,
        later.is_last
    FROM come AS later
    UNION ALL
    SELECT
        NULL AS first_id,
        earlier.touchpoint_id AS second_id,
        later.touchpoint_id AS third_id,
        later.path_id,
        later.step,
        later.stage,
        later.is_last
    FROM come AS earlier
    JOIN come AS later ON earlier.path_id = later.path_id AND earlier.step < later.step
    UNION ALL
    SELECT
        earliest.touchpoint_id AS first_id,
        earlier.touchpoint_id AS second_id,
        later.touchpoint_id AS third_id,
        later.path_id,
        later.step,
        later.stage,
        later.is_last
    FROM come AS earliest
    JOIN come AS earlier
        ON earliest.path_id = earlier.path_id AND earliest.step < earlier.step
    JOIN come AS later ON earlier.path_id = later.path_id AND earlier.step < later.step
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
        walked.channel,
        sum(walked.persons) AS persons,
        sum(CASE WHEN walked.converted THEN walked.persons ELSE 0 END) AS converted,
        sum(CASE WHEN done.is_last AND NOT walked.converted THEN walked.persons ELSE 0 END) AS exits
    FROM done
    JOIN walked ON done.path_id = walked.path_id
    GROUP BY
        done.first_id,
        done.second_id,
        done.third_id,
        least(done.step, $deepest),
        done.stage,
        walked.channel
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
    summed.channel,
    CAST(summed.persons AS BIGINT) AS persons,
    CAST(summed.converted AS BIGINT) AS converted,
    CAST(summed.exits AS BIGINT) AS exits
FROM summed
WHERE summed.first_id IS NULL OR summed.in_all >= $minimum
ORDER BY
    summed.first_id NULLS FIRST,
    summed.second_id NULLS FIRST,
    summed.third_id,
    summed.step,
    summed.stage,
    summed.channel
