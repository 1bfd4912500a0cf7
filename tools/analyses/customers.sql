-- One row is one last touchpoint, or one first channel, of the journeys asked for; the last row is their total.
WITH asked AS (
    SELECT
        scoped_journey.person_id,
        scoped_journey.outcome,
        scoped_journey.steps,
        scoped_journey.first_channel AS channel,
        scoped_journey.value,
        scoped_journey.last_touchpoint_id AS touchpoint_id
    FROM scoped_journey
    WHERE ($who = 'all' OR scoped_journey.outcome = $who)
        AND ($everywhere OR list_contains($touchpoint_ids, scoped_journey.last_touchpoint_id))
),
counted AS (
    SELECT
        asked.touchpoint_id,
        asked.channel,
        grouping(asked.touchpoint_id) AS not_by_touchpoint,
        grouping(asked.channel) AS not_by_channel,
        count(*) AS journeys
    FROM asked
    GROUP BY GROUPING SETS ((asked.touchpoint_id), (asked.channel))
),
listed AS (
    SELECT
        CASE WHEN counted.not_by_touchpoint = 0 THEN 'touchpoint' ELSE 'channel' END AS kind,
        coalesce(touchpoint.label, counted.channel) AS name,
        counted.journeys,
        NULL AS persons,
        NULL AS converted,
        NULL AS dropped,
        NULL AS active,
        NULL AS median_steps,
        NULL AS value
    FROM counted
    LEFT JOIN touchpoint ON counted.touchpoint_id = touchpoint.touchpoint_id
    UNION ALL
    SELECT
        'total' AS kind,
        NULL AS name,
        count(*) AS journeys,
        count(DISTINCT asked.person_id) AS persons,
        count(*) FILTER (WHERE asked.outcome = 'converted') AS converted,
        count(*) FILTER (WHERE asked.outcome = 'dropped') AS dropped,
        count(*) FILTER (WHERE asked.outcome = 'active') AS active,
        median(asked.steps) AS median_steps,
        sum(asked.value) FILTER (WHERE asked.outcome = 'converted') AS value
    FROM asked
)
SELECT
    listed.kind,
    listed.name,
    listed.journeys,
    listed.persons,
    listed.converted,
    listed.dropped,
    listed.active,
    listed.median_steps,
    listed.value
FROM listed
ORDER BY listed.kind = 'total', listed.kind, listed.journeys DESC, listed.name
