-- One row is one person in scope, with the segment of the person's first journey.
SELECT
    scoped_journey.person_id AS owner_id,
    min(coalesce(/* segment */ '', '(not known)')) AS segment
FROM scoped_journey
JOIN (
    SELECT scoped_journey.person_id, min(scoped_journey.started_at) AS started_at
    FROM scoped_journey
    GROUP BY scoped_journey.person_id
) AS beginning
    ON scoped_journey.person_id = beginning.person_id
    AND scoped_journey.started_at = beginning.started_at
GROUP BY scoped_journey.person_id
