-- One row is one touch name of the converted journeys, with its credits by every rule.
WITH judged AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.person_id,
        scoped_journey.started_at,
        scoped_journey.ended_at,
        coalesce(scoped_journey.value, 0) AS value,
        CASE $by
            WHEN 'channel' THEN scoped_journey.first_channel
            WHEN 'campaign' THEN coalesce(
                scoped_journey.first_campaign,
                CASE WHEN scoped_journey.first_channel IS NOT NULL THEN $no_campaign END
            )
            WHEN 'source' THEN scoped_journey.first_source
        END AS first_name
    FROM scoped_journey
    WHERE scoped_journey.mature AND scoped_journey.outcome = 'converted'
),
busy_person AS (
    SELECT scoped_journey.person_id
    FROM scoped_journey
    WHERE scoped_journey.mature
    GROUP BY scoped_journey.person_id
    HAVING count(*) > $most_journeys
),
ordinary AS (
    SELECT judged.journey_id, judged.person_id, judged.started_at, judged.ended_at
    FROM judged
    WHERE $by <> 'touchpoint'
        AND judged.person_id NOT IN (SELECT busy_person.person_id FROM busy_person)
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
passage AS (
    SELECT
        ordinary.journey_id,
        named_event.name,
        min(named_event.occurred_at) AS began_at,
        min(named_event.seq) AS seq
    FROM ordinary
    JOIN named_event
        ON ordinary.person_id = named_event.person_id
        AND named_event.occurred_at >= ordinary.started_at
        AND named_event.occurred_at <= ordinary.ended_at
    WHERE named_event.name IS NOT NULL
    GROUP BY
        ordinary.journey_id, named_event.name, named_event.session_id, named_event.day
    UNION ALL
    SELECT
        scoped_step.journey_id,
        touchpoint.label AS name,
        scoped_step.occurred_at AS began_at,
        scoped_step.step AS seq
    FROM scoped_step
    JOIN judged ON scoped_step.journey_id = judged.journey_id
    JOIN touchpoint ON scoped_step.touchpoint_id = touchpoint.touchpoint_id
    WHERE $by = 'touchpoint' AND NOT scoped_step.is_end
),
touch AS (
    SELECT
        judged.journey_id,
        judged.value,
        judged.ended_at,
        coalesce(passage.name, judged.first_name, $not_known) AS name,
        coalesce(passage.began_at, judged.started_at) AS began_at,
        coalesce(passage.seq, 0) AS seq
    FROM judged
    LEFT JOIN passage ON judged.journey_id = passage.journey_id
),
placed AS (
    SELECT
        touch.*,
        row_number() OVER journey_order AS place
    FROM touch
    WINDOW journey_order AS (
        PARTITION BY touch.journey_id ORDER BY touch.began_at, touch.seq, touch.name
    )
),
winning AS (
    SELECT
        placed.name,
        placed.journey_id,
        placed.value,
        placed.place,
        count(*) OVER (PARTITION BY placed.journey_id) AS touches,
        count(*) OVER (PARTITION BY placed.journey_id, placed.name) AS same,
        max(CASE WHEN NOT list_contains($direct, lower(placed.name)) THEN placed.place END)
            OVER (PARTITION BY placed.journey_id) AS informed_place,
        pow(2.0, (epoch(placed.began_at) - epoch(placed.ended_at)) / $half_life) AS recency
    FROM placed
),
spread AS (
    SELECT
        winning.*,
        sum(winning.recency) OVER (PARTITION BY winning.journey_id) AS recencies,
        sum(1.0 / winning.same) OVER (PARTITION BY winning.journey_id) AS names
    FROM winning
),
weight AS (
    SELECT
        spread.name,
        spread.value,
        CASE WHEN spread.place = 1 THEN 1.0 ELSE 0.0 END AS first,
        CASE WHEN spread.place = spread.touches THEN 1.0 ELSE 0.0 END AS last,
        CASE WHEN spread.place = coalesce(spread.informed_place, spread.touches) THEN 1.0
            ELSE 0.0 END AS last_non_direct,
        1.0 / spread.touches AS linear,
        spread.recency / spread.recencies AS time_decay,
        CASE
            WHEN spread.touches = 1 THEN 1.0
            WHEN spread.touches = 2 THEN 0.5
            WHEN spread.place = 1 OR spread.place = spread.touches THEN 0.4
            ELSE 0.2 / (spread.touches - 2)
        END AS position,
        1.0 / spread.same / spread.names AS shapley
    FROM spread
),
rule_weight AS (
    SELECT
        weight.*,
        CASE $model
            WHEN 'first' THEN weight.first
            WHEN 'last' THEN weight.last
            WHEN 'last_non_direct' THEN weight.last_non_direct
            WHEN 'linear' THEN weight.linear
            WHEN 'time_decay' THEN weight.time_decay
            WHEN 'position' THEN weight.position
            WHEN 'shapley' THEN weight.shapley
            ELSE 0.0
        END AS chosen
    FROM weight
),
credit AS (
    SELECT
        rule_weight.name,
        CAST(sum(CAST(rule_weight.first AS DECIMAL(28, 12))) AS DOUBLE) AS first,
        CAST(sum(CAST(rule_weight.last AS DECIMAL(28, 12))) AS DOUBLE) AS last,
        CAST(sum(CAST(rule_weight.last_non_direct AS DECIMAL(28, 12))) AS DOUBLE)
            AS last_non_direct,
        CAST(sum(CAST(rule_weight.linear AS DECIMAL(28, 12))) AS DOUBLE) AS linear,
        CAST(sum(CAST(rule_weight.time_decay AS DECIMAL(28, 12))) AS DOUBLE) AS time_decay,
        CAST(sum(CAST(rule_weight.position AS DECIMAL(28, 12))) AS DOUBLE) AS position,
        CAST(sum(CAST(rule_weight.shapley AS DECIMAL(28, 12))) AS DOUBLE) AS shapley,
        CAST(sum(CAST(rule_weight.chosen * rule_weight.value AS DECIMAL(28, 8))) AS DOUBLE)
            AS value
    FROM rule_weight
    GROUP BY rule_weight.name
)
SELECT
    credit.name,
    credit.first,
    credit.last,
    credit.last_non_direct,
    credit.linear,
    credit.time_decay,
    credit.position,
    credit.shapley,
    credit.value
FROM credit
ORDER BY credit.name
