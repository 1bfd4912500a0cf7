-- One row is one text that a person who came to the touchpoint wrote, or that was written about them, within two weeks after their first arrival there.
WITH arrived AS (
    SELECT
        scoped_journey.person_id,
        scoped_journey.started_at,
        scoped_journey.journey_id,
        scoped_step.occurred_at,
        scoped_journey.outcome = 'dropped' AND scoped_step.step = scoped_journey.steps AS has_left,
        row_number() OVER (
            PARTITION BY scoped_journey.person_id
            ORDER BY scoped_journey.started_at, scoped_journey.journey_id, scoped_step.step
        ) AS number
    FROM scoped_journey
    JOIN scoped_step ON scoped_journey.journey_id = scoped_step.journey_id
    WHERE scoped_journey.mature
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
        AND list_contains(CAST($touchpoint_ids AS INTEGER[]), scoped_step.touchpoint_id)
        AND scoped_journey.person_id IN (SELECT note.person_id FROM note)
),
written AS (
    SELECT
        arrived.person_id,
        arrived.has_left,
        note.note_id,
        note.text
    FROM arrived
    JOIN note ON arrived.person_id = note.person_id
    WHERE arrived.number = 1
        AND note.occurred_at >= arrived.occurred_at
        AND note.occurred_at < arrived.occurred_at + INTERVAL 14 DAY
)
SELECT
    written.has_left,
    written.text,
    (
        SELECT string_agg(identifier.value, ' ' ORDER BY identifier.value)
        FROM identifier
        WHERE identifier.person_id = written.person_id AND identifier.kind = 'email'
    ) AS addresses
FROM written
ORDER BY md5(CAST(written.note_id AS VARCHAR)), written.note_id
LIMIT $most
