-- One row is one count of one segment: in total, at one time, on one path, or with one touchpoint, as `kind` says.
WITH trait_value AS (
    SELECT trait.person_id, max(trait.value) AS value
    FROM trait
    WHERE $cut = 'trait' AND trait.name = $field
    GROUP BY trait.person_id
),
seen AS (
    SELECT path.path_id
    FROM path
    WHERE $cut = 'saw' AND array_length(array_intersect(path.touchpoints, $seen)) > 0
),
valued AS (
    SELECT
        scoped_journey.path_id,
        scoped_journey.mature,
        scoped_journey.outcome = 'converted' AS converted,
        scoped_journey.duration_seconds,
        least($window_seconds, epoch($as_of) - epoch(scoped_journey.started_at))
            AS followed_seconds,
        CASE $cut
            WHEN 'channel' THEN scoped_journey.first_channel
            WHEN 'campaign' THEN scoped_journey.first_campaign
            WHEN 'source' THEN scoped_journey.first_source
            WHEN 'trait' THEN trait_value.value
            WHEN 'property'
                THEN json_extract_string(scoped_journey.first_properties, '$."' || $field || '"')
            WHEN 'saw' THEN CASE WHEN seen.path_id IS NULL THEN $not_seen_name ELSE $seen_name END
        END AS value
    FROM scoped_journey
    LEFT JOIN trait_value ON scoped_journey.person_id = trait_value.person_id
    LEFT JOIN seen ON scoped_journey.path_id = seen.path_id
),
bound AS (
    SELECT
        quantile_disc(TRY_CAST(valued.value AS DOUBLE), 0.25) AS first_quartile,
        quantile_disc(TRY_CAST(valued.value AS DOUBLE), 0.5) AS median,
        quantile_disc(TRY_CAST(valued.value AS DOUBLE), 0.75) AS third_quartile
    FROM valued
    WHERE $banded
),
keyed AS (
    SELECT
        valued.path_id,
        valued.mature,
        valued.converted,
        valued.duration_seconds,
        valued.followed_seconds,
        CASE WHEN $banded THEN TRY_CAST(valued.value AS DOUBLE) END AS number,
        CASE
            WHEN valued.value IS NULL THEN $unknown_name
            WHEN NOT $banded OR TRY_CAST(valued.value AS DOUBLE) IS NULL THEN valued.value
            WHEN TRY_CAST(valued.value AS DOUBLE) <= bound.first_quartile THEN 'band 1'
            WHEN TRY_CAST(valued.value AS DOUBLE) <= bound.median THEN 'band 2'
            WHEN TRY_CAST(valued.value AS DOUBLE) <= bound.third_quartile THEN 'band 3'
            ELSE 'band 4'
        END AS name
    FROM valued
    CROSS JOIN bound
),
counted AS (
    SELECT
        keyed.name,
        min(keyed.number) AS lowest,
        max(keyed.number) AS highest,
        row_number() OVER (ORDER BY count(*) DESC, keyed.name) AS segment
    FROM keyed
    WHERE $every_value OR list_contains($compare, lower(keyed.name))
    GROUP BY keyed.name
    HAVING count(*) >= $minimum_group
),
kept AS (
    SELECT counted.name, counted.lowest, counted.highest, counted.segment
    FROM counted
    WHERE counted.segment <= $top
),
member AS (
    SELECT
        coalesce(kept.segment, 0) AS segment,
        kept.name,
        kept.lowest,
        kept.highest,
        keyed.path_id,
        keyed.mature,
        keyed.converted,
        keyed.duration_seconds,
        keyed.followed_seconds
    FROM keyed
    LEFT JOIN kept ON keyed.name = kept.name
),
frequent AS (
    SELECT member.path_id
    FROM member
    WHERE member.mature
    GROUP BY member.path_id
    HAVING count(*) >= $minimum_group
),
-- Journeys on rare paths stand one by one: there are about as many paths as journeys.
path_count AS (
    SELECT member.segment, member.path_id, count(*) AS journeys, true AS is_whole
    FROM member
    JOIN frequent ON member.path_id = frequent.path_id
    WHERE member.mature
    GROUP BY member.segment, member.path_id
    UNION ALL
    SELECT member.segment, member.path_id, 1 AS journeys, false AS is_whole
    FROM member
    LEFT JOIN frequent ON member.path_id = frequent.path_id
    WHERE member.mature AND frequent.path_id IS NULL
),
spelled AS (
    SELECT
        path_count.segment,
        path_count.journeys,
        path.touchpoints,
        path.touchpoints[1] AS first,
        path.touchpoints[2] AS second,
        path_count.is_whole
    FROM path_count
    JOIN path ON path_count.path_id = path.path_id
),
visited AS (
    SELECT
        spelled.segment,
        spelled.journeys,
        spelled.touchpoints,
        unnest(spelled.touchpoints) AS touchpoint_id,
        unnest(range(1, array_length(spelled.touchpoints) + 1)) AS step
    FROM spelled
),
touched AS (
    SELECT visited.segment, visited.touchpoint_id, visited.journeys
    FROM visited
    WHERE list_position(visited.touchpoints, visited.touchpoint_id) = visited.step
),
begun AS (
    SELECT spelled.segment, spelled.first, spelled.second, sum(spelled.journeys) AS journeys
    FROM spelled
    WHERE NOT spelled.is_whole
    GROUP BY spelled.segment, spelled.first, spelled.second
),
told AS (
    SELECT
        'total' AS kind,
        member.segment,
        member.name,
        member.lowest,
        member.highest,
        count(*) AS journeys,
        count(*) FILTER (WHERE member.mature) AS mature,
        count(*) FILTER (WHERE member.mature AND member.converted) AS converted,
        quantile_cont(member.duration_seconds, 0.5)
            FILTER (WHERE member.mature AND member.converted) AS median_seconds,
        NULL AS position,
        NULL AS touchpoints,
        NULL AS is_whole
    FROM member
    GROUP BY member.segment, member.name, member.lowest, member.highest
    UNION ALL
    SELECT
        'time' AS kind,
        member.segment,
        NULL AS name,
        NULL AS lowest,
        NULL AS highest,
        count(*) AS journeys,
        NULL AS mature,
        count(*) FILTER (WHERE member.converted) AS converted,
        NULL AS median_seconds,
        floor(
            CASE WHEN member.converted THEN member.duration_seconds ELSE member.followed_seconds END
            / $tick_seconds
        ) AS position,
        NULL AS touchpoints,
        NULL AS is_whole
    FROM member
    WHERE $timed
    GROUP BY
        member.segment,
        floor(
            CASE WHEN member.converted THEN member.duration_seconds ELSE member.followed_seconds END
            / $tick_seconds
        )
    UNION ALL
    SELECT
        'path' AS kind,
        spelled.segment,
        NULL AS name,
        NULL AS lowest,
        NULL AS highest,
        spelled.journeys,
        NULL AS mature,
        NULL AS converted,
        NULL AS median_seconds,
        NULL AS position,
        spelled.touchpoints,
        true AS is_whole
    FROM spelled
    WHERE spelled.is_whole
    UNION ALL
    SELECT
        'path' AS kind,
        begun.segment,
        NULL AS name,
        NULL AS lowest,
        NULL AS highest,
        begun.journeys,
        NULL AS mature,
        NULL AS converted,
        NULL AS median_seconds,
        NULL AS position,
        CASE
            WHEN begun.first IS NULL THEN []
            WHEN begun.second IS NULL THEN [begun.first]
            ELSE [begun.first, begun.second]
        END AS touchpoints,
        false AS is_whole
    FROM begun
    UNION ALL
    SELECT
        'touchpoint' AS kind,
        touched.segment,
        NULL AS name,
        NULL AS lowest,
        NULL AS highest,
        sum(touched.journeys) AS journeys,
        NULL AS mature,
        NULL AS converted,
        NULL AS median_seconds,
        touched.touchpoint_id AS position,
        NULL AS touchpoints,
        NULL AS is_whole
    FROM touched
    GROUP BY touched.segment, touched.touchpoint_id
)
SELECT
    kind,
    segment,
    name,
    lowest,
    highest,
    CAST(journeys AS BIGINT) AS journeys,
    mature,
    converted,
    median_seconds,
    CAST(position AS BIGINT) AS position,
    touchpoints,
    is_whole
FROM told
ORDER BY kind, segment, journeys DESC, position, touchpoints, is_whole
