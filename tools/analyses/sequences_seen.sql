-- One row is one touchpoint: how many people came to it in their first journey, and how many of them converted later; `began` are those whose first step it was, and who converted.
WITH arrival AS NOT MATERIALIZED (
    SELECT scoped_step.touchpoint_id, scoped_step.step, scoped_step.converted
    FROM scoped_step
    WHERE scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
)
SELECT
    arrival.touchpoint_id,
    count(*) AS persons,
    count(*) FILTER (WHERE arrival.converted) AS converted,
    count(*) FILTER (WHERE arrival.converted AND arrival.step = 1) AS began
FROM arrival
GROUP BY arrival.touchpoint_id
ORDER BY persons DESC, arrival.touchpoint_id
