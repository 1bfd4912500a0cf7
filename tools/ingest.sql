-- taking
-- One row is one row of the file that takes part in nothing, or in no usable event, with why.
CREATE OR REPLACE TEMP TABLE refused AS
SELECT
    line,
    coalesce(any_value(field), '') AS field,
    coalesce(any_value(reason), '') AS reason
FROM (
    SELECT
        line,
        CASE
            WHEN reason IS NOT NULL THEN field
            WHEN identifier IS NULL OR (identifier_kind, identifier) IN (
                SELECT (identified.kind, identified.told) FROM identified WHERE identified.identifier_id IS NULL
            ) THEN 'person'
            WHEN touchpoint IS NULL THEN 'event'
            ELSE 'time'
        END AS field,
        CASE
            WHEN reason IS NOT NULL THEN reason
            WHEN identifier IS NULL THEN 'the person is missing'
            WHEN (identifier_kind, identifier) IN (
                SELECT (identified.kind, identified.told) FROM identified WHERE identified.identifier_id IS NULL
            ) THEN 'the person is a placeholder'
            WHEN touchpoint IS NULL THEN 'the event is missing'
            WHEN occurred_at IS NULL THEN 'the time is missing or cannot be read'
            ELSE 'the time lies before 1970 or after 2200'
        END AS reason
    FROM told_event
    WHERE reason IS NOT NULL
        OR identifier IS NULL
        OR touchpoint IS NULL
        OR occurred_at IS NULL
        OR occurred_at NOT BETWEEN TIMESTAMP '1970-01-01' AND TIMESTAMP '2200-01-01'
        OR (identifier_kind, identifier) IN (
            SELECT (identified.kind, identified.told) FROM identified WHERE identified.identifier_id IS NULL
        )
)
GROUP BY line;

INSERT INTO touchpoint
SELECT
    (SELECT coalesce(max(touchpoint.touchpoint_id), 0) FROM touchpoint) + row_number() OVER (ORDER BY label),
    label, touchpoint_group, $source, kind
FROM (
    SELECT touchpoint AS label, min(touchpoint_group) AS touchpoint_group, min(kind) AS kind
    FROM told_event
    WHERE touchpoint IS NOT NULL
    GROUP BY touchpoint
)
WHERE label NOT IN (SELECT touchpoint.label FROM touchpoint)
    AND label IN (
        SELECT told_event.touchpoint FROM told_event
        WHERE told_event.line NOT IN (SELECT refused.line FROM refused)
    )
ORDER BY label;

-- One row is one event among several of equal content: all but the first need an id of their own.
CREATE OR REPLACE TEMP TABLE repeated AS
SELECT
    place,
    (md5_number_lower(content_id || ':' || repeat_number) >> 1)::BIGINT AS event_id
FROM (
    SELECT
        rowid AS place,
        content_id,
        row_number() OVER (PARTITION BY content_id ORDER BY line) AS repeat_number
    FROM told_event
    WHERE content_id IN (
        SELECT told_event.content_id FROM told_event GROUP BY told_event.content_id HAVING count(*) > 1
    )
)
WHERE repeat_number > 1;

INSERT INTO event
WITH numbered AS (
    SELECT
        told_event.*,
        coalesce(repeated.event_id, told_event.content_id) AS event_id
    FROM told_event
    LEFT JOIN repeated ON repeated.place = told_event.rowid
)
SELECT
    numbered.event_id,
    identifier.person_id,
    identified.identifier_id,
    (numbered.line << 20) | (numbered.after << 19) | (numbered.event_id & 524287),
    numbered.occurred_at,
    touchpoint.touchpoint_id,
    numbered.kind,
    $source,
    numbered.channel,
    numbered.campaign,
    numbered.session_id,
    numbered.value,
    numbered.currency,
    numbered.properties,
    $load_id
FROM numbered
JOIN identified
    ON identified.kind = numbered.identifier_kind AND identified.told = numbered.identifier
JOIN identifier ON identifier.identifier_id = identified.identifier_id
JOIN touchpoint ON touchpoint.label = numbered.touchpoint
WHERE numbered.line NOT IN (SELECT refused.line FROM refused)
    AND numbered.event_id NOT IN (SELECT event.event_id FROM event)
ORDER BY 2, 5, 4;
