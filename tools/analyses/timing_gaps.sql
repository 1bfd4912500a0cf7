-- One row is one width of gap in one of the most frequent transitions: the people who took so long, by whether they converted.
WITH candidate AS (
    SELECT
        scoped_journey.person_id,
        scoped_journey.journey_id,
        scoped_journey.outcome = 'converted' AS converted,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY scoped_journey.started_at, scoped_journey.journey_id
        ) AS number
    FROM scoped_journey
    WHERE scoped_journey.mature
),
departure AS (
    SELECT
        scoped_step.journey_id,
        scoped_step.step,
        scoped_step.touchpoint_id,
        scoped_step.next_touchpoint_id,
        candidate.converted
    FROM scoped_step
    JOIN candidate ON scoped_step.journey_id = candidate.journey_id
    WHERE candidate.number = 1 AND scoped_step.first_visit
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
        departure.converted,
        following.gap_seconds
    FROM departure
    JOIN frequent
        ON departure.touchpoint_id = frequent.touchpoint_id
        AND departure.next_touchpoint_id = frequent.next_touchpoint_id
    JOIN scoped_step AS following
        ON departure.journey_id = following.journey_id AND departure.step + 1 = following.step
)
SELECT
    source.label AS source,
    target.label AS target,
    CAST(floor($per_fold * ln(1 + waited.gap_seconds)) AS BIGINT) AS width,
    waited.converted,
    count(*) AS persons
FROM waited
JOIN touchpoint AS source ON waited.touchpoint_id = source.touchpoint_id
JOIN touchpoint AS target ON waited.next_touchpoint_id = target.touchpoint_id
GROUP BY source.label, target.label, width, waited.converted
ORDER BY source.label, target.label, width, waited.converted
