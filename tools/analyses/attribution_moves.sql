-- One row is one move from a touch to the next, or one touch name, with how many journeys had it.
WITH judged AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.person_id,
        scoped_journey.started_at,
        scoped_journey.ended_at,
        scoped_journey.outcome = 'converted' AS converted,
        CASE $by
            WHEN 'channel' THEN scoped_journey.first_channel
            WHEN 'campaign' THEN coalesce(
                scoped_journey.first_campaign,
                CASE WHEN scoped_journey.first_channel IS NOT NULL THEN $no_campaign END
            )
            WHEN 'source' THEN scoped_journey.first_source
        END AS first_name
    FROM scoped_journey
    WHERE scoped_journey.mature
),
busy_person AS (
    SELECT judged.person_id
    FROM judged
    GROUP BY judged.person_id
    HAVING count(*) > $most_journeys
),
ordinary AS (
    SELECT judged.journey_id, judged.person_id, judged.started_at, judged.ended_at
    FROM judged
    WHERE judged.person_id NOT IN (SELECT busy_person.person_id FROM busy_person)
),
named_event AS (
    SELECT
        event.person_id,
        event.occurred_at,
        event.seq,
        event.session_id,
        CASE WHEN event.session_id IS NULL THEN CAST(event.occurred_at AS DATE) END AS day,
        CASE $by
            WHEN 'channel' THEN event.channel
            WHEN 'campaign' THEN coalesce(
                event.campaign, CASE WHEN event.channel IS NOT NULL THEN $no_campaign END
            )
            WHEN 'source' THEN
                CASE WHEN NOT list_contains($end_ids, event.touchpoint_id) THEN event.source END
        END AS name
    FROM event
    WHERE event.kind = 'action'
),
named_journey AS (
    SELECT
        ordinary.journey_id,
        min(named_event.name) AS name,
        max(named_event.name) AS other_name
    FROM ordinary
    JOIN named_event
        ON ordinary.person_id = named_event.person_id
        AND named_event.occurred_at >= ordinary.started_at
        AND named_event.occurred_at <= ordinary.ended_at
    WHERE named_event.name IS NOT NULL
    GROUP BY ordinary.journey_id
),
mixed AS (
    SELECT ordinary.journey_id, ordinary.person_id, ordinary.started_at, ordinary.ended_at
    FROM ordinary
    JOIN named_journey ON ordinary.journey_id = named_journey.journey_id
    WHERE named_journey.name <> named_journey.other_name
),
passage AS (
    SELECT
        mixed.journey_id,
        named_event.name,
        min(named_event.occurred_at) AS began_at,
        min(named_event.seq) AS seq
    FROM mixed
    JOIN named_event
        ON mixed.person_id = named_event.person_id
        AND named_event.occurred_at >= mixed.started_at
        AND named_event.occurred_at <= mixed.ended_at
    WHERE named_event.name IS NOT NULL
    GROUP BY mixed.journey_id, named_event.name, named_event.session_id, named_event.day
),
placed AS (
    SELECT
        passage.journey_id,
        passage.name,
        row_number() OVER journey_order AS place,
        lead(passage.name) OVER journey_order AS next_name
    FROM passage
    WINDOW journey_order AS (
        PARTITION BY passage.journey_id ORDER BY passage.began_at, passage.seq, passage.name
    )
),
step_move AS (
    SELECT
        placed.journey_id,
        placed.name,
        placed.next_name,
        count(*) AS moves,
        count(*) FILTER (WHERE placed.place = 1) AS began
    FROM placed
    GROUP BY placed.journey_id, placed.name, placed.next_name
),
single AS (
    SELECT
        coalesce(named_journey.name, judged.first_name, $not_known) AS name,
        judged.converted,
        count(*) AS journeys
    FROM judged
    LEFT JOIN named_journey ON judged.journey_id = named_journey.journey_id
    WHERE named_journey.name IS NULL OR named_journey.name = named_journey.other_name
    GROUP BY ALL
),
met AS (
    SELECT step_move.name, step_move.journey_id
    FROM step_move
    GROUP BY step_move.name, step_move.journey_id
),
counted AS (
    SELECT 'move' AS aspect, single.name, NULL AS next_name, single.converted, single.journeys AS moves,
        single.journeys AS began
    FROM single
    UNION ALL
    SELECT 'name' AS aspect, single.name, NULL AS next_name, single.converted, single.journeys AS moves,
        0 AS began
    FROM single
    UNION ALL
    SELECT 'move' AS aspect, step_move.name, step_move.next_name, judged.converted, step_move.moves,
        step_move.began
    FROM step_move
    JOIN judged ON step_move.journey_id = judged.journey_id
    UNION ALL
    SELECT 'name' AS aspect, met.name, NULL AS next_name, judged.converted, 1 AS moves, 0 AS began
    FROM met
    JOIN judged ON met.journey_id = judged.journey_id
)
SELECT
    counted.aspect,
    counted.name,
    counted.next_name,
    counted.converted,
    CAST(sum(counted.moves) AS BIGINT) AS moves,
    CAST(sum(counted.began) AS BIGINT) AS began
FROM counted
GROUP BY counted.aspect, counted.name, counted.next_name, counted.converted
ORDER BY counted.aspect, counted.name, counted.next_name NULLS FIRST, counted.converted
