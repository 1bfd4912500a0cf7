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
reached AS (
    SELECT size.length, sum(spelled.mature) AS mature, sum(spelled.converted) AS converted
    FROM size
    JOIN spelled ON spelled.length >= size.length
    WHERE $began
    GROUP BY size.length
),
beginning AS (
    SELECT
        array_slice(spelled.touchpoints, 1, size.length) AS touchpoints,
        size.length,
        sum(spelled.journeys) AS journeys,
        sum(spelled.mature) AS mature,
        sum(spelled.converted) AS converted
    FROM spelled
    JOIN size ON spelled.length >= size.length
    WHERE $began AND size.length >= $shortest
    GROUP BY array_slice(spelled.touchpoints, 1, size.length), size.length
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
        coalesce(sum(spelled.journeys), 0) AS journeys,
        coalesce(sum(spelled.mature), 0) AS mature,
        coalesce(sum(spelled.converted), 0) AS converted,
        NULL AS reached_mature,
        NULL AS reached_converted,
        coalesce(sum(spelled.total_journeys), 0) AS total_journeys,
        count(*) FILTER (WHERE spelled.journeys > 0) AS distinct_paths
    FROM spelled
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
    distinct_paths
FROM listed
ORDER BY is_total DESC, journeys DESC, array_length(touchpoints) DESC, touchpoints
LIMIT $most
