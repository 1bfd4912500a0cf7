-- One row is one journey in scope, with its segment.
SELECT
    scoped_journey.journey_id AS owner_id,
    coalesce(/* segment */ '', '(not known)') AS segment
FROM scoped_journey
