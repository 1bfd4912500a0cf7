-- One row is one person in scope, with the segment of the person's first journey.
SELECT
    journey.person_id AS owner_id,
    min(CASE WHEN journey.started_at = journey.first_at THEN journey.segment END) AS segment,
    CAST($mature_until AS TIMESTAMP) AS mature_until
FROM (
    SELECT
        scoped_journey.person_id,
        scoped_journey.started_at,
        min(scoped_journey.started_at) OVER (PARTITION BY scoped_journey.person_id) AS first_at,
        coalesce(/* segment */ '', '(not known)') AS segment
    FROM scoped_journey
) AS journey
GROUP BY journey.person_id
