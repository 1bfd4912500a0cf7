-- How names become touchpoints, step by step; `named` holds what each name at hand is shown as.

-- step: neighbours
-- One row is one name that shares a touchpoint, or is about to, with a name at hand.
CREATE OR REPLACE TEMP TABLE neighbour AS
SELECT touchpoint_name.name_id
FROM touchpoint_name
WHERE touchpoint_name.touchpoint_id IN (
    SELECT touchpoint.touchpoint_id
    FROM touchpoint
    WHERE touchpoint.label IN (SELECT named.label FROM named)
    UNION
    SELECT before.touchpoint_id
    FROM touchpoint_name AS before
    JOIN named ON before.name_id = named.name_id
    WHERE before.touchpoint_id <> 0
)
    AND touchpoint_name.name_id NOT IN (SELECT named.name_id FROM named)
ORDER BY touchpoint_name.name_id;

-- step: touchpoints
-- One row is one touchpoint as its names make it.
CREATE OR REPLACE TEMP TABLE told_touchpoint AS
SELECT
    named.label,
    min(nullif(named.touchpoint_group, '')) AS touchpoint_group,
    min(touchpoint_name.source) AS source,
    min(touchpoint_name.kind) AS kind,
    bool_and(named.hidden) AS hidden
FROM named
JOIN touchpoint_name ON named.name_id = touchpoint_name.name_id
GROUP BY named.label
ORDER BY named.label;

INSERT INTO touchpoint (touchpoint_id, label, touchpoint_group, source, kind, hidden)
SELECT
    (SELECT coalesce(max(touchpoint.touchpoint_id), 0) FROM touchpoint) + row_number() OVER (ORDER BY label),
    label, touchpoint_group, source, kind, hidden
FROM told_touchpoint
WHERE label NOT IN (SELECT touchpoint.label FROM touchpoint)
ORDER BY label;

-- step: shape
-- One row is one touchpoint that was there, and is shown or hidden otherwise now.
CREATE OR REPLACE TEMP TABLE flipped AS
SELECT touchpoint.touchpoint_id
FROM touchpoint
JOIN told_touchpoint ON touchpoint.label = told_touchpoint.label
WHERE coalesce(touchpoint.hidden, false) <> told_touchpoint.hidden;

UPDATE touchpoint SET
    touchpoint_group = told_touchpoint.touchpoint_group,
    source = told_touchpoint.source,
    kind = told_touchpoint.kind,
    hidden = told_touchpoint.hidden
FROM told_touchpoint
WHERE touchpoint.label = told_touchpoint.label
    AND (
        touchpoint.touchpoint_group IS DISTINCT FROM told_touchpoint.touchpoint_group
        OR touchpoint.source <> told_touchpoint.source
        OR touchpoint.kind <> told_touchpoint.kind
        OR touchpoint.hidden IS DISTINCT FROM told_touchpoint.hidden
    );

-- step: moved
-- One row is one name that is shown as something else than before.
CREATE OR REPLACE TEMP TABLE moved_name AS
SELECT named.name_id, touchpoint.touchpoint_id, touchpoint.label, before.label AS was
FROM named
JOIN touchpoint_name ON named.name_id = touchpoint_name.name_id
JOIN touchpoint ON named.label = touchpoint.label
LEFT JOIN touchpoint AS before ON touchpoint_name.touchpoint_id = before.touchpoint_id
WHERE touchpoint_name.touchpoint_id <> touchpoint.touchpoint_id;

UPDATE touchpoint_name SET touchpoint_id = moved_name.touchpoint_id
FROM moved_name
WHERE touchpoint_name.name_id = moved_name.name_id;

-- step: events
INSERT INTO touched_person
SELECT DISTINCT event.person_id
FROM event
WHERE event.touchpoint_id IN (SELECT flipped.touchpoint_id FROM flipped)
    OR event.name_id IN (SELECT moved_name.name_id FROM moved_name);

UPDATE event SET touchpoint_id = moved_name.touchpoint_id
FROM moved_name
WHERE event.name_id = moved_name.name_id
    AND event.touchpoint_id <> moved_name.touchpoint_id;

-- step: unused
-- One row is one touchpoint without names and events.
CREATE OR REPLACE TEMP TABLE unused AS
SELECT touchpoint.touchpoint_id, touchpoint.label
FROM touchpoint
WHERE touchpoint.touchpoint_id NOT IN (SELECT touchpoint_name.touchpoint_id FROM touchpoint_name)
    AND touchpoint.touchpoint_id NOT IN (SELECT event.touchpoint_id FROM event);
