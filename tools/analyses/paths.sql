-- One row is one candidate path: a beginning of journeys or a whole path; the first row, without touchpoints, is the total.
WITH whole AS (
    SELECT
        scoped_journey.path_id,
        count(*) FILTER (WHERE list_contains($outcomes, scoped_journey.outcome)) AS journeys,
        count(*) FILTER (WHERE scoped_journey.mature) AS mature,
        count(*) FILTER (WHERE scoped_journey.mature AND scoped_journey.outcome = 'converted')
            AS converted,
        count(*) AS total_journeys
    FROM scoped_journey
    GROUP BY scoped_journey.path_id
),
spelled AS (
    SELECT
        path.touchpoints,
        array_length(path.touchpoints) AS length,
        whole.journeys,
        whole.mature,
        whole.converted,
        whole.total_journeys
    FROM whole
    JOIN path ON whole.path_id = path.path_id
),
size AS (
    SELECT unnest(generate_series(1, CASE WHEN $began THEN $longest ELSE 1 END)) AS length
),
sized AS (
    SELECT
        spelled.length,
        sum(spelled.journeys) AS journeys,
        sum(spelled.mature) AS mature,
        sum(spelled.converted) AS converted,
        sum(spelled.total_journeys) AS total_journeys,
        count(*) FILTER (WHERE spelled.journeys > 0) AS distinct_paths
    FROM spelled
    GROUP BY spelled.length
),
reached AS (
    SELECT size.length, sum(sized.mature) AS mature, sum(sized.converted) AS converted
    FROM size
    JOIN sized ON sized.length >= size.length
    WHERE $began
    GROUP BY size.length
),
-- Four numbers are grouped sooner than lists are, and a beginning has no more journeys than its own:
-- longer ones are spelled out only where their first four touchpoints are frequent.
head AS (
    SELECT
        spelled.touchpoints[1] AS first,
        spelled.touchpoints[2] AS second,
        spelled.touchpoints[3] AS third,
        spelled.touchpoints[4] AS fourth,
        least(spelled.length, 4) AS length,
        sum(spelled.journeys) AS journeys,
        sum(spelled.mature) AS mature,
        sum(spelled.converted) AS converted
    FROM spelled
    WHERE $began
    GROUP BY
        spelled.touchpoints[1],
        spelled.touchpoints[2],
        spelled.touchpoints[3],
        spelled.touchpoints[4],
        least(spelled.length, 4)
),
short_beginning AS (
    SELECT
        head.first,
        CASE WHEN size.length >= 2 THEN head.second END AS second,
        CASE WHEN size.length >= 3 THEN head.third END AS third,
        CASE WHEN size.length >= 4 THEN head.fourth END AS fourth,
        size.length,
        sum(head.journeys) AS journeys,
        sum(head.mature) AS mature,
        sum(head.converted) AS converted
    FROM head
    JOIN size ON head.length >= size.length
    WHERE size.length >= $shortest
        AND (size.length < 4 OR (head.journeys > 0 AND head.mature >= $least_mature))
    GROUP BY
        head.first,
        CASE WHEN size.length >= 2 THEN head.second END,
        CASE WHEN size.length >= 3 THEN head.third END,
        CASE WHEN size.length >= 4 THEN head.fourth END,
        size.length
    HAVING sum(head.journeys) > 0 AND sum(head.mature) >= $least_mature
),
further AS (
    SELECT
        spelled.touchpoints,
        spelled.length,
        spelled.journeys,
        spelled.mature,
        spelled.converted
    FROM spelled
    JOIN head
        ON spelled.touchpoints[1] = head.first
        AND spelled.touchpoints[2] = head.second
        AND spelled.touchpoints[3] = head.third
        AND spelled.touchpoints[4] = head.fourth
    WHERE spelled.length > 4
        AND $longest > 4
        AND head.journeys > 0
        AND head.mature >= $least_mature
),
beginning AS (
    SELECT
        array_slice(
            [
                short_beginning.first,
                short_beginning.second,
                short_beginning.third,
                short_beginning.fourth
            ],
            1,
            short_beginning.length
        ) AS touchpoints,
        short_beginning.length,
        short_beginning.journeys,
        short_beginning.mature,
        short_beginning.converted
    FROM short_beginning
    UNION ALL
    SELECT
        array_slice(further.touchpoints, 1, size.length) AS touchpoints,
        size.length,
        sum(further.journeys) AS journeys,
        sum(further.mature) AS mature,
        sum(further.converted) AS converted
    FROM further
    JOIN size ON further.length >= size.length
    WHERE size.length > 4 AND size.length >= $shortest
    GROUP BY array_slice(further.touchpoints, 1, size.length), size.length
),
candidate AS (
    SELECT
        beginning.touchpoints,
        beginning.length,
        beginning.journeys,
        beginning.mature,
        beginning.converted,
        reached.mature AS reached_mature,
        reached.converted AS reached_converted
    FROM beginning
    JOIN reached ON beginning.length = reached.length
    UNION ALL
    SELECT
        spelled.touchpoints,
        spelled.length,
        spelled.journeys,
        spelled.mature,
        spelled.converted,
        NULL AS reached_mature,
        NULL AS reached_converted
    FROM spelled
    WHERE NOT $began AND spelled.length BETWEEN $shortest AND $longest
),
listed AS (
    SELECT
        false AS is_total,
        candidate.touchpoints,
        candidate.journeys,
        candidate.mature,
        candidate.converted,
        candidate.reached_mature,
        candidate.reached_converted,
        NULL AS total_journeys,
        NULL AS distinct_paths
    FROM candidate
    WHERE candidate.journeys > 0
        AND candidate.mature >= $least_mature
        AND ($anything OR array_length(array_intersect(candidate.touchpoints, $containing)) > 0)
    UNION ALL
    SELECT
        true AS is_total,
        NULL AS touchpoints,
        coalesce(sum(sized.journeys), 0) AS journeys,
        coalesce(sum(sized.mature), 0) AS mature,
        coalesce(sum(sized.converted), 0) AS converted,
        NULL AS reached_mature,
        NULL AS reached_converted,
        coalesce(sum(sized.total_journeys), 0) AS total_journeys,
        coalesce(sum(sized.distinct_paths), 0) AS distinct_paths
    FROM sized
)
SELECT
    is_total,
    touchpoints,
    CAST(journeys AS BIGINT) AS journeys,
    CAST(mature AS BIGINT) AS mature,
    CAST(converted AS BIGINT) AS converted,
    CAST(reached_mature AS BIGINT) AS reached_mature,
    CAST(reached_converted AS BIGINT) AS reached_converted,
    CAST(total_journeys AS BIGINT) AS total_journeys,
    CAST(distinct_paths AS BIGINT) AS distinct_paths
FROM listed
ORDER BY is_total DESC, journeys DESC, array_length(touchpoints) DESC, touchpoints
LIMIT $most
