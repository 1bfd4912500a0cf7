-- How a file's canonical rows reach the store, step by step; `ingest_rows.take` says in which order.

-- step: seen
-- One row is one identifier as the file writes it.
CREATE OR REPLACE TEMP TABLE seen_identifier AS
SELECT identifier_kind, identifier FROM told_event
WHERE identifier IS NOT NULL AND occurred_at IS NOT NULL AND touchpoint IS NOT NULL
UNION
SELECT identifier_kind, identifier FROM told_link WHERE identifier IS NOT NULL
UNION
SELECT other_kind, other FROM told_link WHERE other IS NOT NULL
UNION
SELECT identifier_kind, identifier FROM told_trait WHERE identifier IS NOT NULL
UNION
SELECT identifier_kind, identifier FROM told_note WHERE identifier IS NOT NULL;
CREATE OR REPLACE TEMP VIEW seen_link AS FROM told_link;

-- step: refused
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

-- step: useless
INSERT INTO refused
SELECT raw.line, '', 'nothing in this row could be used'
FROM raw
WHERE raw.line NOT IN (
    SELECT told_event.line FROM told_event
    UNION ALL SELECT told_link.line FROM told_link WHERE identifier IS NOT NULL AND other IS NOT NULL
    UNION ALL SELECT told_trait.line FROM told_trait WHERE identifier IS NOT NULL
    UNION ALL SELECT told_note.line FROM told_note
        WHERE identifier IS NOT NULL AND occurred_at IS NOT NULL AND text IS NOT NULL
    UNION ALL SELECT told_spend.line FROM told_spend WHERE day IS NOT NULL AND cost IS NOT NULL
);

-- step: same_id
-- A system that numbers its events says itself that two rows are one.
DELETE FROM told_event
WHERE rowid NOT IN (
    SELECT min(told_event.rowid)
    FROM told_event
    WHERE told_event.line NOT IN (SELECT refused.line FROM refused)
    GROUP BY told_event.content_id
);

-- step: repeated
-- One row is one event among several of equal content: all but the first need an id of their own.
CREATE OR REPLACE TEMP TABLE repeated AS
SELECT
    place,
    content_number(content_id || ':' || repeat_number) AS event_id
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

-- step: touchpoints
INSERT INTO touchpoint (touchpoint_id, label, touchpoint_group, source, kind)
SELECT
    (SELECT coalesce(max(touchpoint.touchpoint_id), 0) FROM touchpoint) + row_number() OVER (ORDER BY label),
    label, touchpoint_group, $source, kind
FROM (
    SELECT touchpoint AS label, min(touchpoint_group) AS touchpoint_group, min(kind) AS kind
    FROM told_event
    WHERE line NOT IN (SELECT refused.line FROM refused)
    GROUP BY touchpoint
)
WHERE label NOT IN (SELECT touchpoint.label FROM touchpoint)
ORDER BY label;

-- step: known
-- One row is one event of the file that the store has already.
CREATE OR REPLACE TEMP TABLE known AS
SELECT
    event.event_id,
    min((told_event.line << 20) | (told_event.after << 19) | (event.event_id & 524287)) AS seq
FROM told_event
LEFT JOIN repeated ON repeated.place = told_event.rowid
JOIN event ON event.event_id = coalesce(repeated.event_id, told_event.content_id)
GROUP BY event.event_id;

-- step: events
-- One row is one event of the file, in the order in which the store keeps them.
INSERT INTO event (
    event_id, person_id, identifier_id, seq, occurred_at, touchpoint_id, kind, source, channel, campaign,
    session_id, value, currency, properties, load_id
)
SELECT
    coalesce(repeated.event_id, told_event.content_id) AS event_id,
    identifier.person_id,
    identified.identifier_id,
    (told_event.line << 20) | (told_event.after << 19)
        | (coalesce(repeated.event_id, told_event.content_id) & 524287) AS seq,
    told_event.occurred_at,
    touchpoint.touchpoint_id,
    told_event.kind,
    $source,
    told_event.channel,
    told_event.campaign,
    told_event.session_id,
    told_event.value,
    told_event.currency,
    told_event.properties,
    $load_id
FROM told_event
LEFT JOIN repeated ON repeated.place = told_event.rowid
JOIN identified
    ON identified.kind = told_event.identifier_kind AND identified.told = told_event.identifier
JOIN identifier ON identifier.identifier_id = identified.identifier_id
JOIN touchpoint ON touchpoint.label = told_event.touchpoint
WHERE told_event.line NOT IN (SELECT refused.line FROM refused)
    AND coalesce(repeated.event_id, told_event.content_id) NOT IN (SELECT known.event_id FROM known)
ORDER BY identifier.person_id, told_event.occurred_at, seq;

-- step: earlier_line
-- An event in several files keeps its earliest line, so that ties do not depend on load order.
CREATE OR REPLACE TEMP TABLE moved AS
SELECT event.event_id, event.person_id, known.seq
FROM known JOIN event ON event.event_id = known.event_id
WHERE known.seq < event.seq;
UPDATE event SET seq = moved.seq FROM moved WHERE event.event_id = moved.event_id;
INSERT INTO touched_person SELECT DISTINCT person_id FROM moved;

-- step: links
INSERT INTO kept_line SELECT line FROM new_link;

-- step: traits
CREATE OR REPLACE TEMP TABLE new_trait AS
WITH newest AS (
    SELECT
        identified.identifier_id,
        told_trait.name,
        max({'at': coalesce(told_trait.set_at, TIMESTAMP '1970-01-01'), 'value': told_trait.value}) AS latest,
        min(told_trait.line) AS line
    FROM told_trait
    JOIN identified
        ON identified.kind = told_trait.identifier_kind AND identified.told = told_trait.identifier
    WHERE identified.identifier_id IS NOT NULL AND trim(told_trait.value) <> ''
    GROUP BY identified.identifier_id, told_trait.name
),
stored AS (
    SELECT
        identifier_trait.identifier_id,
        identifier_trait.name,
        max({'at': identifier_trait.set_at, 'value': identifier_trait.value}) AS latest
    FROM identifier_trait
    GROUP BY identifier_trait.identifier_id, identifier_trait.name
)
SELECT newest.identifier_id, newest.name, newest.latest, newest.line
FROM newest
LEFT JOIN stored ON stored.identifier_id = newest.identifier_id AND stored.name = newest.name
WHERE stored.latest IS NULL OR newest.latest > stored.latest;
INSERT INTO identifier_trait
SELECT identifier_id, name, latest.value, latest.at, $load_id FROM new_trait ORDER BY ALL;
INSERT INTO touched_person
SELECT DISTINCT identifier.person_id
FROM new_trait JOIN identifier ON identifier.identifier_id = new_trait.identifier_id;
INSERT INTO kept_line
SELECT told_trait.line
FROM told_trait
JOIN identified
    ON identified.kind = told_trait.identifier_kind AND identified.told = told_trait.identifier
WHERE identified.identifier_id IN (SELECT new_trait.identifier_id FROM new_trait);

-- step: notes
CREATE OR REPLACE TEMP TABLE new_note AS
SELECT
    content_number(concat_ws(
        chr(31), $source, told_note.kind, identified.identifier_id, epoch_us(told_note.occurred_at), told_note.text
    )) AS note_id,
    any_value(identifier.person_id) AS person_id,
    any_value(identified.identifier_id) AS identifier_id,
    any_value(told_note.occurred_at) AS occurred_at,
    any_value(coalesce(told_note.kind, 'note')) AS kind,
    any_value(told_note.text) AS text,
    min(told_note.line) AS line
FROM told_note
JOIN identified
    ON identified.kind = told_note.identifier_kind AND identified.told = told_note.identifier
JOIN identifier ON identifier.identifier_id = identified.identifier_id
WHERE told_note.occurred_at IS NOT NULL AND trim(told_note.text) <> ''
GROUP BY 1
HAVING note_id NOT IN (SELECT note.note_id FROM note);
INSERT INTO note (note_id, person_id, identifier_id, occurred_at, source, kind, text, load_id)
SELECT note_id, person_id, identifier_id, occurred_at, $source, kind, text, $load_id
FROM new_note ORDER BY person_id, occurred_at, note_id;
INSERT INTO touched_person SELECT DISTINCT person_id FROM new_note;
INSERT INTO kept_line SELECT line FROM new_note;

-- step: spend
-- A later export of a day replaces the earlier one: ad platforms correct their last days.
CREATE OR REPLACE TEMP TABLE new_spend AS
SELECT
    (md5_number_lower(concat_ws(
        chr(31), $source, day, coalesce(channel, ''), coalesce(campaign, '(none)'), coalesce(currency, '')
    )) >> 1)::BIGINT AS spend_id,
    any_value(day) AS day,
    any_value(channel) AS channel,
    any_value(coalesce(campaign, '(none)')) AS campaign,
    sum(cost) AS cost,
    any_value(currency) AS currency,
    sum(impressions)::BIGINT AS impressions,
    sum(clicks)::BIGINT AS clicks,
    list(line) AS lines
FROM told_spend
WHERE day IS NOT NULL AND cost IS NOT NULL
GROUP BY 1
HAVING (spend_id, sum(cost), coalesce(sum(impressions), -1), coalesce(sum(clicks), -1)) NOT IN (
    SELECT (spend.spend_id, spend.cost, coalesce(spend.impressions, -1), coalesce(spend.clicks, -1)) FROM spend
);
DELETE FROM spend WHERE spend_id IN (SELECT new_spend.spend_id FROM new_spend);
INSERT INTO spend
SELECT spend_id, day, $source, channel, campaign, cost, currency, impressions, clicks, $load_id
FROM new_spend ORDER BY day, spend_id;
INSERT INTO kept_line SELECT unnest(lines) FROM new_spend;

-- step: rejected
INSERT INTO rejected_row (load_id, line, field, reason, raw)
SELECT $load_id, line, field, reason, raw
FROM (
    SELECT refused.line, refused.field, refused.reason, concat_ws(',', /* columns */) AS raw
    FROM refused JOIN raw ON raw.line = refused.line
    UNION ALL
    SELECT line, coalesce(field, ''), coalesce(reason, ''), coalesce(raw, '') FROM staged_reject
)
ORDER BY line;

-- step: touched
CREATE OR REPLACE TEMP TABLE loaded_person AS SELECT DISTINCT person_id FROM event WHERE load_id = $load_id;
INSERT INTO touched_person SELECT person_id FROM loaded_person;

-- step: lines_taken
-- One row: how many lines gave the store something new.
SELECT count(DISTINCT line)
FROM (
    SELECT event.seq >> 20 AS line FROM event WHERE event.load_id = $load_id
    UNION ALL
    SELECT kept_line.line FROM kept_line
    WHERE kept_line.line NOT IN (SELECT told_event.line FROM told_event)
        AND kept_line.line NOT IN (SELECT refused.line FROM refused)
);
