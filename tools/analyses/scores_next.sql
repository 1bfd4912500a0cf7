-- One row is one touchpoint and the one that followed it: people, each by one journey and the first visit in it.
WITH judged AS (
    SELECT min(scoped_journey.journey_id) AS journey_id
    FROM scoped_journey
    WHERE scoped_journey.mature AND scoped_journey.person_id % 10000 < $kept
    GROUP BY scoped_journey.person_id
),
visit AS (
    SELECT step.touchpoint_id, step.next_touchpoint_id, count(*) AS persons
    FROM step
    WHERE step.definition_id = $definition_id
        AND NOT step.is_end
        AND step.first_visit
        AND step.journey_id IN (SELECT judged.journey_id FROM judged)
    GROUP BY step.touchpoint_id, step.next_touchpoint_id
)
SELECT
    visit.touchpoint_id,
    touchpoint.label,
    visit.next_touchpoint_id,
    following.label AS next_label,
    visit.persons
FROM visit
JOIN touchpoint ON visit.touchpoint_id = touchpoint.touchpoint_id
LEFT JOIN touchpoint AS following ON visit.next_touchpoint_id = following.touchpoint_id
ORDER BY visit.persons DESC, touchpoint.label, following.label NULLS LAST
