-- One row is one touchpoint with what it counts.
WITH counted AS (
    SELECT
        event.touchpoint_id,
        count(*) AS events,
        count(DISTINCT event.person_id) AS persons
    FROM event
    GROUP BY event.touchpoint_id
),
named AS (
    SELECT
        touchpoint_name.touchpoint_id,
        list(DISTINCT touchpoint_name.source ORDER BY touchpoint_name.source) AS sources,
        count(DISTINCT touchpoint_name.name) AS names
    FROM touchpoint_name
    GROUP BY touchpoint_name.touchpoint_id
)
SELECT
    touchpoint.touchpoint_id,
    touchpoint.label,
    touchpoint.touchpoint_group,
    touchpoint.kind,
    coalesce(touchpoint.hidden, false) AS hidden,
    coalesce(named.sources, [touchpoint.source]) AS sources,
    coalesce(named.names, 0) AS names,
    coalesce(counted.events, 0) AS events,
    coalesce(counted.persons, 0) AS persons
FROM touchpoint
LEFT JOIN counted ON touchpoint.touchpoint_id = counted.touchpoint_id
LEFT JOIN named ON touchpoint.touchpoint_id = named.touchpoint_id
ORDER BY events DESC, touchpoint.label;
