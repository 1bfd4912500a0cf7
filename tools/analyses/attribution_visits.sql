-- One row is one touch of a journey old enough to judge: a visit whose name is not that of the visit before in one session. Visits of a journey stand in order, so that every OVER streams; nothing is joined before the last of them.
SELECT
    placed.journey_id,
    placed.code,
    placed.next_code,
    placed.place - placed.first_place + 1 AS place,
    placed.began_at,
    placed.converted
FROM (
    SELECT
        numbered.*,
        last_value(CASE WHEN numbered.is_first THEN numbered.place END IGNORE NULLS)
            OVER (ROWS UNBOUNDED PRECEDING) AS first_place
    FROM (
        SELECT
            begun.*,
            row_number() OVER () AS place,
            coalesce(lag(begun.journey_id) OVER () <> begun.journey_id, true) AS is_first,
            CASE
                WHEN lead(begun.journey_id) OVER () = begun.journey_id
                    THEN lead(begun.code) OVER ()
            END AS next_code
        FROM (
            SELECT
                named.*,
                coalesce(
                    lag(named.journey_id) OVER () = named.journey_id
                    AND lag(named.session_key) OVER () = named.session_key
                    AND lag(named.code) OVER () = named.code,
                    false
                ) AS stays
            FROM (
                SELECT
                    scoped_visit.journey_id,
                    scoped_visit.session_key,
                    scoped_visit.began_at,
                    scoped_visit.converted,
                    list_extract($codes::INTEGER[], scoped_visit.touch_id) AS code
                FROM scoped_visit
                WHERE scoped_visit.is_mature
                    AND (scoped_visit.converted OR NOT $winners)
                    AND NOT ($without_end AND scoped_visit.is_end)/* share of scoped_visit.journey_id */
            ) AS named
            WHERE named.code IS NOT NULL
        ) AS begun
        WHERE NOT begun.stays
    ) AS numbered
) AS placed
