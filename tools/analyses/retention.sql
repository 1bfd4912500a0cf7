-- One row is one count of people by cohort, segment and times (kind 'cell'), or by segment and day (kind 'time').
WITH numbered AS (
    SELECT
        journey.journey_id,
        journey.person_id,
        journey.ended_at,
        row_number() OVER (
            PARTITION BY journey.person_id ORDER BY journey.ended_at, journey.journey_id
        ) AS number
    FROM journey
    WHERE journey.definition_id = $definition_id AND journey.outcome = 'converted'
),
first_conversion AS (
    SELECT
        scoped_journey.person_id,
        scoped_journey.path_id,
        scoped_journey.ended_at AS first_at,
        NULL /* field */ AS segment
    FROM scoped_journey
    JOIN numbered ON scoped_journey.journey_id = numbered.journey_id
    WHERE numbered.number = 1
),
route AS (
    SELECT
        path.path_id,
        CASE array_length(path.touchpoints)
            WHEN 1 THEN entry.label
            WHEN 2 THEN entry.label || ' → ' || latest.label
            ELSE entry.label || ' → … → ' || latest.label
        END AS name
    FROM path
    JOIN touchpoint AS entry ON path.touchpoints[1] = entry.touchpoint_id
    JOIN touchpoint AS latest
        ON path.touchpoints[array_length(path.touchpoints)] = latest.touchpoint_id
    WHERE $by_route
        AND path.path_id IN (SELECT first_conversion.path_id FROM first_conversion)
),
again AS (
    SELECT numbered.person_id, numbered.ended_at AS again_at
    FROM numbered
    WHERE numbered.number = 2
),
returned AS (
    SELECT first_conversion.person_id, min(event.occurred_at) AS returned_at
    FROM first_conversion
    JOIN event ON first_conversion.person_id = event.person_id
    WHERE event.kind = 'action'
        AND event.occurred_at > first_conversion.first_at + CAST($away AS INTERVAL)
        AND event.occurred_at <= $as_of
        AND NOT list_contains(CAST($hidden AS INTEGER[]), event.touchpoint_id)
    GROUP BY first_conversion.person_id
),
timed AS (
    SELECT
        CASE WHEN $by_route THEN coalesce(route.name, $no_step) ELSE first_conversion.segment END
            AS segment,
        CASE $grain
            WHEN 'week' THEN date_trunc('week', first_conversion.first_at)
            WHEN 'month' THEN date_trunc('month', first_conversion.first_at)
            ELSE date_trunc('quarter', first_conversion.first_at)
        END AS cohort,
        epoch(CAST($as_of AS TIMESTAMP)) - epoch(first_conversion.first_at) AS followed,
        epoch(again.again_at) - epoch(first_conversion.first_at) AS repeated,
        epoch(returned.returned_at) - epoch(first_conversion.first_at) AS returned
    FROM first_conversion
    LEFT JOIN route ON first_conversion.path_id = route.path_id
    LEFT JOIN again ON first_conversion.person_id = again.person_id
    LEFT JOIN returned ON first_conversion.person_id = returned.person_id
),
counted AS (
    SELECT
        'cell' AS kind,
        CAST(timed.cohort AS DATE) AS cohort,
        timed.segment,
        CAST(least(floor(timed.followed / $period_seconds), $periods) AS INTEGER) AS followed,
        CASE
            WHEN timed.repeated <= $period_seconds THEN 1
            WHEN timed.repeated > $period_seconds * $periods THEN $periods + 1
            ELSE CAST(ceil(timed.repeated / $period_seconds) AS INTEGER)
        END AS repeated,
        CASE
            WHEN timed.returned <= $period_seconds THEN 1
            WHEN timed.returned > $period_seconds * $periods THEN $periods + 1
            ELSE CAST(ceil(timed.returned / $period_seconds) AS INTEGER)
        END AS returned,
        count(*) AS persons
    FROM timed
    GROUP BY ALL
    UNION ALL
    SELECT
        'time' AS kind,
        NULL AS cohort,
        timed.segment,
        CAST(floor(coalesce(timed.repeated, timed.followed) / 86400) AS INTEGER) AS followed,
        CASE WHEN timed.repeated IS NULL THEN NULL ELSE 1 END AS repeated,
        NULL AS returned,
        count(*) AS persons
    FROM timed
    GROUP BY ALL
)
SELECT
    counted.kind,
    counted.cohort,
    counted.segment,
    counted.followed,
    counted.repeated,
    counted.returned,
    counted.persons
FROM counted
ORDER BY
    counted.kind,
    counted.cohort,
    counted.segment NULLS LAST,
    counted.followed,
    counted.repeated NULLS LAST,
    counted.returned NULLS LAST
