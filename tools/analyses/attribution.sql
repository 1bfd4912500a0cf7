-- One row is one touch name of the converted journeys, with its credits by every rule.
WITH winner AS (
    SELECT
        scoped_journey.journey_id,
        scoped_journey.ended_at,
        coalesce(scoped_journey.value, 0) AS value
    FROM scoped_journey
    WHERE scoped_journey.mature AND scoped_journey.outcome = 'converted'
),
passage AS MATERIALIZED (
    SELECT
        touch.journey_id,
        touch.code,
        touch.place,
        winner.value,
        pow(2.0, (epoch(touch.began_at) - epoch(winner.ended_at)) / $half_life) AS recency
    FROM judged_touch AS touch
    JOIN winner ON touch.journey_id = winner.journey_id
),
whole AS (
    SELECT
        passage.journey_id,
        count(*) AS touches,
        max(CASE WHEN NOT list_contains($direct::INTEGER[], passage.code) THEN passage.place END)
            AS informed_place,
        sum(passage.recency) AS recencies
    FROM passage
    GROUP BY passage.journey_id
),
met AS (
    SELECT passage.journey_id, passage.code, any_value(passage.value) AS value
    FROM passage
    GROUP BY passage.journey_id, passage.code
),
spread AS (
    SELECT met.journey_id, count(*) AS names
    FROM met
    GROUP BY met.journey_id
),
weight AS (
    SELECT
        passage.code,
        passage.value,
        CASE WHEN passage.place = 1 THEN 1.0 ELSE 0.0 END AS first,
        CASE WHEN passage.place = whole.touches THEN 1.0 ELSE 0.0 END AS last,
        CASE WHEN passage.place = coalesce(whole.informed_place, whole.touches) THEN 1.0 ELSE 0.0 END
            AS last_non_direct,
        1.0 / whole.touches AS linear,
        passage.recency / whole.recencies AS time_decay,
        CASE
            WHEN whole.touches = 1 THEN 1.0
            WHEN whole.touches = 2 THEN 0.5
            WHEN passage.place = 1 OR passage.place = whole.touches THEN 0.4
            ELSE 0.2 / (whole.touches - 2)
        END AS position,
        0.0 AS shapley
    FROM passage
    JOIN whole ON passage.journey_id = whole.journey_id
    UNION ALL
    SELECT
        met.code,
        met.value,
        0.0 AS first,
        0.0 AS last,
        0.0 AS last_non_direct,
        0.0 AS linear,
        0.0 AS time_decay,
        0.0 AS position,
        1.0 / spread.names AS shapley
    FROM met
    JOIN spread ON met.journey_id = spread.journey_id
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
)
SELECT
    list_extract($names::VARCHAR[], rule_weight.code) AS name,
    CAST(sum(CAST(rule_weight.first AS DECIMAL(28, 12))) AS DOUBLE) AS first,
    CAST(sum(CAST(rule_weight.last AS DECIMAL(28, 12))) AS DOUBLE) AS last,
    CAST(sum(CAST(rule_weight.last_non_direct AS DECIMAL(28, 12))) AS DOUBLE) AS last_non_direct,
    CAST(sum(CAST(rule_weight.linear AS DECIMAL(28, 12))) AS DOUBLE) AS linear,
    CAST(sum(CAST(rule_weight.time_decay AS DECIMAL(28, 12))) AS DOUBLE) AS time_decay,
    CAST(sum(CAST(rule_weight.position AS DECIMAL(28, 12))) AS DOUBLE) AS position,
    CAST(sum(CAST(rule_weight.shapley AS DECIMAL(28, 12))) AS DOUBLE) AS shapley,
    CAST(sum(CAST(rule_weight.chosen * rule_weight.value AS DECIMAL(28, 8))) AS DOUBLE) AS value
FROM rule_weight
GROUP BY rule_weight.code
ORDER BY rule_weight.code
