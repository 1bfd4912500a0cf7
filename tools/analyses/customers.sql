-- One row is one last touchpoint, or one first channel, of the journeys asked for; the last row is their total.
WITH latest AS (
    SELECT
        scoped_step.journey_id,
        arg_max(scoped_step.touchpoint_id, scoped_step.step) AS touchpoint_id
    FROM scoped_step
    WHERE NOT scoped_step.is_end
    GROUP BY scoped_step.journey_id
),
asked AS (
    SELECT
        scoped_journey.person_id,
        scoped_journey.outcome,
        scoped_journey.steps,
        scoped_journey.first_channel AS channel,
        scoped_journey.value,
        latest.touchpoint_id
    FROM scoped_journey
    LEFT JOIN latest ON scoped_journey.journey_id = latest.journey_id
    WHERE ($who = 'all' OR scoped_journey.outcome = $who)
        AND ($everywhere OR list_contains($touchpoint_ids, latest.touchpoint_id))
),
counted AS (
    SELECT
        asked.touchpoint_id,
        asked.channel,
        grouping(asked.touchpoint_id) AS not_by_touchpoint,
        grouping(asked.channel) AS not_by_channel,
        count(*) AS journeys,
        count(DISTINCT asked.person_id) AS persons,
        count(*) FILTER (WHERE asked.outcome = 'converted') AS converted,
        count(*) FILTER (WHERE asked.outcome = 'dropped') AS dropped,
        count(*) FILTER (WHERE asked.outcome = 'active') AS active,
        median(asked.steps) AS median_steps,
        sum(asked.value) FILTER (WHERE asked.outcome = 'converted') AS value
    FROM asked
    GROUP BY GROUPING SETS ((asked.touchpoint_id), (asked.channel), ())
)
SELECT
    CASE
        WHEN counted.not_by_touchpoint = 0 THEN 'touchpoint'
        WHEN counted.not_by_channel = 0 THEN 'channel'
        ELSE 'total'
    END AS kind,
    coalesce(touchpoint.label, counted.channel) AS name,
    counted.journeys,
    counted.persons,
    counted.converted,
    counted.dropped,
    counted.active,
    counted.median_steps,
    counted.value
FROM counted
LEFT JOIN touchpoint ON counted.touchpoint_id = touchpoint.touchpoint_id
ORDER BY counted.not_by_touchpoint + counted.not_by_channel, kind, counted.journeys DESC, name
