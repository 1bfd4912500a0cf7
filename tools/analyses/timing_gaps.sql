-- One row is one width of gap in one of the most frequent transitions: the people who took so long, by whether they converted.
WITH waited AS (
    SELECT
        scoped_step.touchpoint_id,
        scoped_step.next_touchpoint_id,
        CAST(floor($per_fold * ln(1 + scoped_step.next_gap_seconds)) AS BIGINT) AS width,
        scoped_step.converted,
        count(*) AS persons
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND scoped_step.next_touchpoint_id IS NOT NULL
        AND NOT list_contains(CAST($end_ids AS INTEGER[]), scoped_step.next_touchpoint_id)
    GROUP BY
        scoped_step.touchpoint_id, scoped_step.next_touchpoint_id, width, scoped_step.converted
),
frequent AS (
    SELECT waited.touchpoint_id, waited.next_touchpoint_id
    FROM waited
    GROUP BY waited.touchpoint_id, waited.next_touchpoint_id
    HAVING sum(waited.persons) FILTER (WHERE waited.converted) >= $minimum
        AND sum(waited.persons) FILTER (WHERE NOT waited.converted) >= $minimum
    ORDER BY sum(waited.persons) DESC, waited.touchpoint_id, waited.next_touchpoint_id
    LIMIT $most
)
SELECT
    source.label AS source,
    target.label AS target,
    waited.width,
    waited.converted,
    CAST(sum(waited.persons) AS BIGINT) AS persons
FROM waited
JOIN frequent
    ON waited.touchpoint_id = frequent.touchpoint_id
    AND waited.next_touchpoint_id = frequent.next_touchpoint_id
JOIN touchpoint AS source ON waited.touchpoint_id = source.touchpoint_id
JOIN touchpoint AS target ON waited.next_touchpoint_id = target.touchpoint_id
GROUP BY source.label, target.label, waited.width, waited.converted
ORDER BY source.label, target.label, waited.width, waited.converted
