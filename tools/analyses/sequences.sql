-- One row is one step, stage, first channel and outcome at which people first came to a touchpoint: how many, how many of them had been at each of the widest by then (`seen`, two to a number), and how many at two of the narrow ones in order (`orders`, `times`).
-- Steps are taken in the order in which they stand, and what a journey has seen is carried along in
-- one number: the running sum over all steps, less what it was where the journey began.
WITH arrival AS NOT MATERIALIZED (
    SELECT
        scoped_step.journey_id,
        scoped_step.touchpoint_id,
        scoped_step.step,
        CAST(coalesce(scoped_step.channel_id, 0) AS BIGINT) AS channel_id,
        scoped_step.converted,
        scoped_step.step
        = scoped_step.journey_steps - CASE WHEN scoped_step.converted THEN 1 ELSE 0 END AS is_last,
        list_extract(CAST($weights AS BIGINT[]), scoped_step.touchpoint_id) AS weight,
        list_extract(CAST($tallies AS BIGINT[]), scoped_step.touchpoint_id) AS tally,
        list_extract(CAST($places AS BIGINT[]), scoped_step.touchpoint_id) AS place
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end/* share of scoped_step.journey_id */
),
-- Weights are a bit for each of the widest, and 2 to the 44 for a required touchpoint: these are
-- counted above the bits, which gives the stage.
weighed AS NOT MATERIALIZED (
    SELECT
        *,
        sum(arrival.weight) OVER (
            /* unless in order: PARTITION BY arrival.journey_id ORDER BY arrival.step */
            ROWS UNBOUNDED PRECEDING
        ) AS total
    FROM arrival
),
come AS NOT MATERIALIZED (
    SELECT
        *,
        CAST(weighed.total - last_value(
            CASE WHEN weighed.step = 1 THEN weighed.total - weighed.weight END IGNORE NULLS
        ) OVER (
            /* unless in order: PARTITION BY weighed.journey_id ORDER BY weighed.step */
            ROWS UNBOUNDED PRECEDING
        ) AS BIGINT) AS seen
    FROM weighed
),
-- Two touchpoints whose bits are 31 apart are counted by one sum.
counted AS (
    SELECT
        come.touchpoint_id,
        least(come.step, $deepest) AS step,
        come.seen >> 44 AS stage,
        come.channel_id,
        come.converted,
        come.is_last,
        any_value(come.place) AS place,
        count(*) AS persons,
        [
            sum(come.seen & $two),
            sum((come.seen >> 1) & $two),
            sum((come.seen >> 2) & $two),
            sum((come.seen >> 3) & $two),
            sum((come.seen >> 4) & $two),
            sum((come.seen >> 5) & $two),
            sum((come.seen >> 6) & $two),
            sum((come.seen >> 7) & $two),
            sum((come.seen >> 8) & $two),
            sum((come.seen >> 9) & $two),
            sum((come.seen >> 10) & $two),
            sum((come.seen >> 11) & $two),
            sum((come.seen >> 12) & $two)
        ] AS seen
    FROM come
    WHERE (come.weight & $widest) > 0
    GROUP BY
        come.touchpoint_id,
        least(come.step, $deepest),
        come.seen >> 44,
        come.channel_id,
        come.converted,
        come.is_last
),
-- Tallies are 1 for a narrow touchpoint, and 256 more for a required one.
tallied AS NOT MATERIALIZED (
    SELECT
        *,
        lag(arrival.journey_id) OVER (
            /* unless in order: PARTITION BY arrival.journey_id ORDER BY arrival.step */
        ) IS DISTINCT FROM arrival.journey_id AS is_new,
        sum(arrival.tally) OVER (
            /* unless in order: PARTITION BY arrival.journey_id ORDER BY arrival.step */
            ROWS UNBOUNDED PRECEDING
        ) AS total
    FROM arrival
    WHERE arrival.tally > 0
),
met AS NOT MATERIALIZED (
    SELECT
        *,
        CAST(tallied.total - last_value(
            CASE WHEN tallied.is_new THEN tallied.total - tallied.tally END IGNORE NULLS
        ) OVER (
            /* unless in order: PARTITION BY tallied.journey_id ORDER BY tallied.step */
            ROWS UNBOUNDED PRECEDING
        ) AS BIGINT) AS met
    FROM tallied
),
-- The narrow touchpoints that a journey has seen are written one after another, four bits each.
digit AS NOT MATERIALIZED (
    SELECT
        *,
        (met.met & 255) - 1 AS before,
        met.place << (4 * ((met.met & 255) - 1)) AS digit
    FROM met
    WHERE met.place < 15
),
written AS NOT MATERIALIZED (
    SELECT
        *,
        sum(digit.digit) OVER (
            /* unless in order: PARTITION BY digit.journey_id ORDER BY digit.step */
            ROWS UNBOUNDED PRECEDING
        ) AS digits
    FROM digit
),
spelled AS NOT MATERIALIZED (
    SELECT
        *,
        CAST(written.digits - last_value(
            CASE WHEN written.before = 0 THEN written.digits - written.digit END IGNORE NULLS
        ) OVER (
            /* unless in order: PARTITION BY written.journey_id ORDER BY written.step */
            ROWS UNBOUNDED PRECEDING
        ) AS BIGINT) AS spelled
    FROM written
),
-- Stage, channel, touchpoint, step and outcome are one number, so that threes are counted by one key.
later AS NOT MATERIALIZED (
    SELECT
        ((spelled.met >> 8) << 31) + (spelled.channel_id << 11) + (spelled.place << 7)
        + (least(spelled.step, $deepest) << 2)
        + CASE WHEN spelled.converted THEN 2 ELSE 0 END
        + CASE WHEN spelled.is_last THEN 1 ELSE 0 END AS stratum,
        spelled.before,
        spelled.spelled
    FROM spelled
    WHERE spelled.before > 1
),
number AS (
    SELECT unnest(range(0, $narrow)) AS number
),
two AS (
    SELECT many.number AS before, 4 * earliest.number AS first_at, 4 * earlier.number AS second_at
    FROM number AS many
    JOIN number AS earlier ON earlier.number < many.number
    JOIN number AS earliest ON earliest.number < earlier.number
),
three AS (
    SELECT
        (later.stratum << 8) + (((later.spelled >> two.first_at) & 15) << 4)
        + ((later.spelled >> two.second_at) & 15) AS three,
        count(*) AS persons
    FROM later
    JOIN two ON later.before = two.before
    GROUP BY three
),
ordered AS (
    SELECT
        three.three >> 8 AS stratum,
        list(three.three & 255 ORDER BY three.three) AS orders,
        list(three.persons ORDER BY three.three) AS times
    FROM three
    GROUP BY stratum
)
SELECT
    counted.touchpoint_id,
    CAST(counted.step AS BIGINT) AS step,
    CAST(counted.stage AS BIGINT) AS stage,
    coalesce(channel.name, '') AS channel,
    counted.converted,
    counted.is_last,
    counted.persons,
    CAST(counted.seen AS BIGINT[]) AS seen,
    coalesce(CAST(ordered.orders AS BIGINT[]), []) AS orders,
    coalesce(CAST(ordered.times AS BIGINT[]), []) AS times
FROM counted
LEFT JOIN ordered
    ON ordered.stratum = (counted.stage << 31) + (counted.channel_id << 11) + (counted.place << 7)
    + (counted.step << 2)
    + CASE WHEN counted.converted THEN 2 ELSE 0 END
    + CASE WHEN counted.is_last THEN 1 ELSE 0 END
LEFT JOIN channel ON counted.channel_id = channel.channel_id
ORDER BY
    counted.touchpoint_id,
    counted.step,
    counted.stage,
    channel,
    counted.converted,
    counted.is_last
