-- One row is one set of names that journeys met, with how many met just these: bit n of `names` stands for code 62 * part + n.
WITH named AS NOT MATERIALIZED (
    SELECT told.journey_id, told.code, told.converted
    FROM judged_touch AS told/* within */
    WHERE told.code IS NOT NULL
),
met AS (
    SELECT
        named.journey_id,
        named.code // 62 AS part,
        bit_or(CAST(1 AS BIGINT) << (named.code % 62)) AS names,
        any_value(named.converted) AS converted
    FROM named
    GROUP BY named.journey_id, named.code // 62
)
SELECT met.part, met.names, met.converted, count(*) AS journeys
FROM met
GROUP BY met.part, met.names, met.converted
ORDER BY met.part, met.names, met.converted
