-- One row is one path that journeys took, with one channel they began with and one value of the segment field.
WITH subject AS (
    SELECT
        scoped_journey.path_id,
        scoped_journey.first_channel AS channel,
        CAST(NULL /* field */ AS VARCHAR) AS segment,
        scoped_journey.mature,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.is_first
    FROM scoped_journey
)
SELECT
    subject.path_id,
    subject.channel,
    subject.segment,
    count(*) AS journeys,
    count(*) FILTER (WHERE subject.mature) AS mature,
    count(*) FILTER (WHERE subject.mature AND subject.converted) AS converted,
    count(*) FILTER (WHERE subject.mature AND subject.is_first) AS persons,
    count(*) FILTER (WHERE subject.mature AND subject.is_first AND subject.converted)
        AS persons_converted
FROM subject
GROUP BY subject.path_id, subject.channel, subject.segment
ORDER BY subject.path_id, subject.channel NULLS FIRST, subject.segment NULLS FIRST
