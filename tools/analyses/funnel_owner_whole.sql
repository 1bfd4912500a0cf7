-- One row is one person in scope; all are one segment.
SELECT DISTINCT scoped_journey.person_id AS owner_id, '' AS segment
FROM scoped_journey
