-- One row is one width of gap in one of the most frequent transitions: the people who took so long, by whether they converted.
WITH departure AS NOT MATERIALIZED (
    SELECT
        scoped_step.touchpoint_id,
        scoped_step.next_touchpoint_id,
        scoped_step.next_gap_seconds,
        scoped_step.converted
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND scoped_step.next_touchpoint_id IS NOT NULL
        AND NOT list_contains(CAST($end_ids AS INTEGER[]), scoped_step.next_touchpoint_id)
),
frequent AS (
    SELECT departure.touchpoint_id, departure.next_touchpoint_id
    FROM departure
    GROUP BY departure.touchpoint_id, departure.next_touchpoint_id
    HAVING count(*) FILTER (WHERE departure.converted) >= $minimum
        AND count(*) FILTER (WHERE NOT departure.converted) >= $minimum
    ORDER BY count(*) DESC, departure.touchpoint_id, departure.next_touchpoint_id
    LIMIT $most
),
waited AS (
    SELECT
        departure.touchpoint_id,
        departure.next_touchpoint_id,
        CAST(floor($per_fold * ln(1 + departure.next_gap_seconds)) AS BIGINT) AS width,
        departure.converted,
        count(*) AS persons
    FROM departure
    JOIN frequent
        ON departure.touchpoint_id = frequent.touchpoint_id
        AND departure.next_touchpoint_id = frequent.next_touchpoint_id
    GROUP BY
        departure.touchpoint_id, departure.next_touchpoint_id, width, departure.converted
)
SELECT
    source.label AS source,
    target.label AS target,
    waited.width,
    waited.converted,
    CAST(sum(waited.persons) AS BIGINT) AS persons
FROM waited
JOIN touchpoint AS source ON waited.touchpoint_id = source.touchpoint_id
JOIN touchpoint AS target ON waited.next_touchpoint_id = target.touchpoint_id
GROUP BY source.label, target.label, waited.width, waited.converted
ORDER BY source.label, target.label, waited.width, waited.converted
