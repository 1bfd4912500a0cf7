-- One row is one touchpoint that nearly everyone who converts passes.
WITH winner AS (
    SELECT
        scoped_step.touchpoint_id,
        count(*) AS persons,
        count(*) FILTER (WHERE scoped_step.step = 1) AS began
    FROM scoped_step
    WHERE scoped_step.converted
        AND scoped_step.is_mature
        AND scoped_step.is_first_journey
        AND scoped_step.first_visit
        AND NOT scoped_step.is_end
    GROUP BY scoped_step.touchpoint_id
)
SELECT winner.touchpoint_id
FROM winner
WHERE winner.persons >= $required * (SELECT sum(winner.began) FROM winner)
    AND winner.persons >= $minimum
ORDER BY winner.touchpoint_id
