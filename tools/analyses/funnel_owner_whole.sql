-- One row is one person in scope, where no filter is; all are one segment.
SELECT scoped_journey.person_id AS owner_id, '' AS segment
FROM scoped_journey
WHERE scoped_journey.is_first
