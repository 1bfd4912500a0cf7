-- One row is one count of people, each with their first journey of a side: by channel or by path, as `kind` says.
WITH side AS (
    SELECT 'before' AS name, $before_from AS begins_at, $on_at AS ends_at
    UNION ALL
    SELECT 'after' AS name, $on_at AS begins_at, $after_end AS ends_at
    UNION ALL
    SELECT 'apart' AS name, $apart_from AS begins_at, $apart_end AS ends_at
),
chosen AS (
    SELECT
        side.name AS side,
        scoped_journey.path_id,
        scoped_journey.first_channel,
        scoped_journey.outcome = 'converted' AS converted
    FROM scoped_journey
    JOIN side
        ON scoped_journey.started_at >= side.begins_at AND scoped_journey.started_at < side.ends_at
    WHERE scoped_journey.mature
        AND (scoped_journey.is_first OR scoped_journey.previous_at < side.begins_at)
),
kept AS (
    SELECT chosen.path_id
    FROM chosen
    WHERE chosen.side <> 'apart'
    GROUP BY chosen.path_id
    ORDER BY count(*) DESC, chosen.path_id
    LIMIT $paths
),
counted AS (
    SELECT
        'channel' AS kind,
        chosen.side,
        chosen.first_channel AS channel,
        NULL AS path_id,
        count(*) AS people,
        count(*) FILTER (WHERE chosen.converted) AS converted
    FROM chosen
    GROUP BY chosen.side, chosen.first_channel
    UNION ALL
    SELECT
        'path' AS kind,
        chosen.side,
        NULL AS channel,
        kept.path_id,
        count(*) AS people,
        count(*) FILTER (WHERE chosen.converted) AS converted
    FROM chosen
    LEFT JOIN kept ON chosen.path_id = kept.path_id
    WHERE chosen.side <> 'apart'
    GROUP BY chosen.side, kept.path_id
)
SELECT counted.kind, counted.side, counted.channel, counted.path_id, counted.people, counted.converted
FROM counted
ORDER BY counted.kind, counted.side, counted.channel, counted.path_id
