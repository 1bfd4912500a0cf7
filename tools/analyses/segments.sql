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
path_count AS (
    SELECT
        member.segment,
        member.path_id,
        count(*) AS journeys,
        sum(count(*)) OVER (PARTITION BY member.path_id) AS all_journeys
    FROM member
    WHERE member.mature
    GROUP BY member.segment, member.path_id
),
spelled AS (
    SELECT
        path_count.segment,
        path_count.journeys,
        path.touchpoints,
        path_count.all_journeys >= $minimum_group AS is_whole
    FROM path_count
    JOIN path ON path_count.path_id = path.path_id
),
touched AS (
    SELECT
        spelled.segment,
        spelled.journeys,
        unnest(array_distinct(spelled.touchpoints)) AS touchpoint_id
    FROM spelled
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
        sum(spelled.journeys) AS journeys,
        NULL AS mature,
        NULL AS converted,
        NULL AS median_seconds,
        NULL AS position,
        CASE WHEN spelled.is_whole THEN spelled.touchpoints
            ELSE array_slice(spelled.touchpoints, 1, $beginning) END AS touchpoints,
        spelled.is_whole
    FROM spelled
    GROUP BY
        spelled.segment,
        CASE WHEN spelled.is_whole THEN spelled.touchpoints
            ELSE array_slice(spelled.touchpoints, 1, $beginning) END,
        spelled.is_whole
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
