-- One row is one listed path that journeys took (-1 is every other path), with one channel they began with and one value of the segment field.
WITH counted AS MATERIALIZED (
    SELECT scoped_journey.path_id, count(*) AS journeys
    FROM scoped_journey
    GROUP BY scoped_journey.path_id
),
total AS (
    SELECT count(*) AS distinct_paths FROM counted
),
frequent AS (
    SELECT counted.path_id, counted.journeys
    FROM counted
    ORDER BY counted.journeys DESC, counted.path_id
    LIMIT $most
),
listed AS (
    SELECT
        frequent.path_id,
        row_number() OVER (ORDER BY frequent.journeys DESC, frequent.path_id) - 1 AS position
    FROM frequent
),
-- As text, because a list would be an array of its own in every row.
spelled AS (
    SELECT
        listed.position,
        array_length(path.touchpoints) AS length,
        array_to_string(path.touchpoints, ' ') AS touchpoints
    FROM listed
    JOIN path ON listed.path_id = path.path_id
),
subject AS (
    SELECT
        coalesce(listed.position, -1) AS position,
        scoped_journey.first_channel AS channel,
        CAST(NULL /* field */ AS VARCHAR) AS segment,
        scoped_journey.mature,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.is_first
    FROM scoped_journey
    LEFT JOIN listed ON scoped_journey.path_id = listed.path_id
),
grouped AS (
    SELECT
        subject.position,
        subject.channel,
        subject.segment,
        count(*) AS journeys,
        count(*) FILTER (WHERE subject.mature) AS mature,
        count(*) FILTER (WHERE subject.mature AND subject.converted) AS converted,
        count(*) FILTER (WHERE subject.mature AND subject.is_first) AS persons,
        count(*) FILTER (WHERE subject.mature AND subject.is_first AND subject.converted)
            AS persons_converted
    FROM subject
    GROUP BY subject.position, subject.channel, subject.segment
)
SELECT
    grouped.position,
    grouped.channel,
    grouped.segment,
    grouped.journeys,
    grouped.mature,
    grouped.converted,
    grouped.persons,
    grouped.persons_converted,
    coalesce(spelled.length, 0) AS length,
    spelled.touchpoints,
    total.distinct_paths
FROM grouped
CROSS JOIN total
LEFT JOIN spelled ON grouped.position = spelled.position
ORDER BY grouped.position, grouped.channel NULLS FIRST, grouped.segment NULLS FIRST
