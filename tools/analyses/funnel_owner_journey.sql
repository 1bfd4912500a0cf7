-- One row is one journey in scope, with its segment.
SELECT
    scoped_journey.journey_id AS owner_id,
    coalesce(/* segment */ '', '(not known)') AS segment,
    CASE WHEN scoped_journey.mature THEN CAST($as_of AS TIMESTAMP) ELSE CAST($never AS TIMESTAMP) END
        AS mature_until
FROM scoped_journey
