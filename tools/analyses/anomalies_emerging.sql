-- One row is one step from a touchpoint to the next: people of the last month, or of the months before, each once in thirty days; without touchpoints, everyone.
WITH candidate AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.started_at >= CAST($month AS TIMESTAMP) AS recent,
        row_number() OVER (
            PARTITION BY
                scoped_journey.person_id,
                floor(
                    (epoch(scoped_journey.started_at) - epoch(CAST($since AS TIMESTAMP))) / $month_seconds
                )
            ORDER BY scoped_journey.started_at, scoped_journey.journey_id
        ) AS number
    FROM scoped_journey
    WHERE scoped_journey.started_at >= CAST($since AS TIMESTAMP)
        AND scoped_journey.started_at < CAST($until AS TIMESTAMP)
),
subject AS (
    SELECT candidate.journey_id, candidate.recent
    FROM candidate
    WHERE candidate.number = 1
),
arrival AS (
    SELECT
        subject.recent,
        scoped_step.touchpoint_id,
        scoped_step.next_touchpoint_id,
        count(*) AS persons
    FROM scoped_step
    JOIN subject ON scoped_step.journey_id = subject.journey_id
    WHERE scoped_step.first_visit
        AND NOT scoped_step.is_end
    GROUP BY subject.recent, scoped_step.touchpoint_id, scoped_step.next_touchpoint_id
    UNION ALL
    SELECT
        subject.recent,
        NULL AS touchpoint_id,
        NULL AS next_touchpoint_id,
        count(*) AS persons
    FROM subject
    GROUP BY subject.recent
)
SELECT
    arrival.recent,
    source.label AS source,
    target.label AS target,
    arrival.persons
FROM arrival
LEFT JOIN touchpoint AS source ON arrival.touchpoint_id = source.touchpoint_id
LEFT JOIN touchpoint AS target ON arrival.next_touchpoint_id = target.touchpoint_id
ORDER BY arrival.recent, source.label, target.label
