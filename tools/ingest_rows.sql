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

-- step: forgotten
-- One row is one row of the file that names a person who asked to be forgotten.
CREATE OR REPLACE TEMP TABLE forgotten_line AS
SELECT DISTINCT told.line
FROM (
    SELECT line, identifier_kind, identifier FROM told_event
    UNION ALL SELECT line, identifier_kind, identifier FROM told_link
    UNION ALL SELECT line, other_kind, other FROM told_link
    UNION ALL SELECT line, identifier_kind, identifier FROM told_trait
    UNION ALL SELECT line, identifier_kind, identifier FROM told_note
) AS told
JOIN identified ON identified.kind = told.identifier_kind AND identified.told = told.identifier
WHERE identified.forgotten;
DELETE FROM told_event WHERE (identifier_kind, identifier) IN (SELECT (kind, told) FROM identified WHERE forgotten);
DELETE FROM told_trait WHERE (identifier_kind, identifier) IN (SELECT (kind, told) FROM identified WHERE forgotten);
DELETE FROM told_note WHERE (identifier_kind, identifier) IN (SELECT (kind, told) FROM identified WHERE forgotten);
DELETE FROM told_link
WHERE (identifier_kind, identifier) IN (SELECT (kind, told) FROM identified WHERE forgotten)
    OR (other_kind, other) IN (SELECT (kind, told) FROM identified WHERE forgotten);

-- step: refused
-- One row is one row of the file that takes part in nothing, or in no usable event, with why.
CREATE OR REPLACE TEMP TABLE nobody AS
SELECT kind, told FROM identified WHERE identifier_id IS NULL;
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
            WHEN identifier IS NULL OR (identifier_kind, identifier) IN (FROM nobody) THEN 'person'
            WHEN touchpoint IS NULL THEN 'event'
            ELSE 'time'
        END AS field,
        CASE
            WHEN reason IS NOT NULL THEN reason
            WHEN identifier IS NULL THEN 'the person is missing'
            WHEN (identifier_kind, identifier) IN (FROM nobody) THEN 'the person is a placeholder'
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
        OR (identifier_kind, identifier) IN (FROM nobody)
)
GROUP BY line;
DELETE FROM told_event WHERE line IN (SELECT refused.line FROM refused);
INSERT INTO refused
SELECT line, 'person', 'this person asked to be forgotten'
FROM forgotten_line
WHERE line NOT IN (
    SELECT refused.line FROM refused
    UNION ALL SELECT told_event.line FROM told_event
    UNION ALL SELECT told_link.line FROM told_link
    UNION ALL SELECT told_trait.line FROM told_trait
    UNION ALL SELECT told_note.line FROM told_note
);

-- step: counted
-- One row is one event of the file, before those that the store has are left out.
CREATE OR REPLACE TEMP TABLE counted_event AS SELECT line, kind FROM told_event;

-- step: useless
INSERT INTO refused
SELECT raw.line, '', $nothing
FROM raw
WHERE raw.line NOT IN (
    SELECT told_event.line FROM told_event
    UNION ALL SELECT refused.line FROM refused
    UNION ALL SELECT told_link.line FROM told_link
        WHERE identifier IS NOT NULL AND other IS NOT NULL
            AND (identifier_kind, identifier) NOT IN (FROM nobody) AND (other_kind, other) NOT IN (FROM nobody)
    UNION ALL SELECT told_trait.line FROM told_trait
        WHERE identifier IS NOT NULL AND (identifier_kind, identifier) NOT IN (FROM nobody)
    UNION ALL SELECT told_note.line FROM told_note
        WHERE identifier IS NOT NULL AND occurred_at IS NOT NULL AND text IS NOT NULL
            AND (identifier_kind, identifier) NOT IN (FROM nobody)
    UNION ALL SELECT told_detail.line FROM told_detail WHERE content IS NOT NULL AND properties IS NOT NULL
    UNION ALL SELECT told_name.line FROM told_name WHERE key IS NOT NULL AND label IS NOT NULL
    UNION ALL SELECT told_spend.line FROM told_spend WHERE day IS NOT NULL AND cost IS NOT NULL
);

-- step: same_id
-- A system that numbers its events says itself that several rows are one: its newest state counts.
DELETE FROM told_event
WHERE rowid IN (
    SELECT place
    FROM (
        SELECT
            rowid AS place,
            row_number() OVER (PARTITION BY content_id ORDER BY version DESC, variant DESC, line, rowid) AS state
        FROM told_event
        WHERE content_id IN (
            SELECT repeating.content_id FROM told_event AS repeating
            GROUP BY repeating.content_id HAVING count(*) > 1
        )
    )
    WHERE state > 1
);

-- step: newer
-- One row is one event whose stored state is older than the file's, or was taken back before that.
CREATE OR REPLACE TEMP TABLE outdated AS
SELECT event.event_id, event.person_id
FROM event
JOIN told_event ON told_event.content_id = event.event_id
WHERE (told_event.version, told_event.variant) > (event.version, event.variant);
INSERT INTO touched_person SELECT outdated.person_id FROM outdated;
DELETE FROM event WHERE event_id IN (SELECT outdated.event_id FROM outdated);
DELETE FROM told_event
WHERE rowid IN (
    SELECT told_event.rowid
    FROM told_event
    JOIN withdrawn_event ON withdrawn_event.event_id = told_event.content_id
    WHERE (told_event.version, told_event.variant) <= (withdrawn_event.version, withdrawn_event.variant)
    UNION ALL
    SELECT told_event.rowid
    FROM told_event
    JOIN event ON event.event_id = told_event.content_id
    WHERE told_event.deleted
);
DELETE FROM withdrawn_event WHERE event_id IN (SELECT told_event.content_id FROM told_event);
INSERT INTO withdrawn_event
SELECT content_id, version, variant FROM told_event WHERE deleted ORDER BY content_id;
INSERT INTO kept_line SELECT line FROM told_event WHERE deleted;
DELETE FROM told_event WHERE deleted;

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
        SELECT repeating.content_id FROM told_event AS repeating
        GROUP BY repeating.content_id HAVING count(*) > 1
    )
)
WHERE repeat_number > 1;

-- step: touchpoint_names
-- What several files say of a name must not depend on which came first: the least of it stands.
CREATE OR REPLACE TEMP TABLE told_name_of AS
SELECT touchpoint AS name, min(touchpoint_group) AS touchpoint_group, min(kind) AS kind
FROM told_event
GROUP BY touchpoint;
UPDATE touchpoint_name
SET
    touchpoint_group = least(touchpoint_name.touchpoint_group, told_name_of.touchpoint_group),
    kind = least(touchpoint_name.kind, told_name_of.kind),
    touchpoint_id = 0
FROM told_name_of
WHERE touchpoint_name.source = $source
    AND touchpoint_name.name = told_name_of.name
    AND (
        least(touchpoint_name.touchpoint_group, told_name_of.touchpoint_group)
            IS DISTINCT FROM touchpoint_name.touchpoint_group
        OR told_name_of.kind < touchpoint_name.kind
    );
INSERT INTO touchpoint_name (name_id, source, name, touchpoint_group, kind, touchpoint_id)
SELECT
    (SELECT coalesce(max(touchpoint_name.name_id), 0) FROM touchpoint_name) + row_number() OVER (ORDER BY told.name),
    $source, told.name, told.touchpoint_group, told.kind, 0
FROM told_name_of AS told
WHERE told.name NOT IN (SELECT touchpoint_name.name FROM touchpoint_name WHERE touchpoint_name.source = $source)
ORDER BY told.name;

-- step: known
-- One row is one event of the file that the store has already.
CREATE OR REPLACE TEMP TABLE known AS
SELECT
    event.event_id,
    min((told_event.line << 20) | (told_event.after << 19) | (event.event_id & 524287))
        FILTER (told_event.version = event.version AND told_event.variant = event.variant) AS seq
FROM told_event
LEFT JOIN repeated ON repeated.place = told_event.rowid
JOIN event ON event.event_id = coalesce(repeated.event_id, told_event.content_id)
GROUP BY event.event_id;

-- step: events
-- One row is one event of the file, in the order in which the store keeps them.
INSERT INTO event (
    event_id, person_id, identifier_id, seq, occurred_at, touchpoint_id, kind, source, channel, campaign,
    session_id, value, currency, properties, load_id, name_id, told_campaign, origin, version, variant
)
SELECT
    coalesce(repeated.event_id, told_event.content_id) AS event_id,
    identifier.person_id,
    identified.identifier_id,
    (told_event.line << 20) | (told_event.after << 19)
        | (coalesce(repeated.event_id, told_event.content_id) & 524287) AS seq,
    told_event.occurred_at,
    touchpoint_name.touchpoint_id,
    told_event.kind,
    $source,
    coalesce(told_event.channel, origin_channel.channel) AS channel,
    told_event.campaign,
    told_event.session_id,
    told_event.value,
    told_event.currency,
    told_event.properties,
    $load_id,
    touchpoint_name.name_id,
    CASE WHEN contains(told_event.campaign, chr(57344)) THEN told_event.campaign END,
    CASE WHEN told_event.channel IS NULL THEN told_event.origin END,
    told_event.version,
    told_event.variant
FROM told_event
LEFT JOIN repeated ON repeated.place = told_event.rowid
LEFT JOIN origin_channel ON origin_channel.origin = told_event.origin
JOIN identified
    ON identified.kind = told_event.identifier_kind AND identified.told = told_event.identifier
JOIN identifier ON identifier.identifier_id = identified.identifier_id
JOIN touchpoint_name ON touchpoint_name.name = told_event.touchpoint AND touchpoint_name.source = $source
WHERE coalesce(repeated.event_id, told_event.content_id) NOT IN (SELECT known.event_id FROM known)
ORDER BY identifier.person_id, told_event.occurred_at, seq;

-- step: earlier_line
-- An event in several files keeps its earliest line, so that ties do not depend on load order.
CREATE OR REPLACE TEMP TABLE moved AS
SELECT event.event_id, event.person_id, known.seq
FROM known JOIN event ON event.event_id = known.event_id
WHERE known.seq < event.seq;
UPDATE event SET seq = moved.seq FROM moved WHERE event.event_id = moved.event_id;
INSERT INTO touched_person SELECT DISTINCT person_id FROM moved;

-- step: details
INSERT INTO event_detail (event_id, field, value, load_id)
SELECT DISTINCT told.event_id, told.field, told.value, $load_id
FROM (
    SELECT
        content_number($source || ':' || told_detail.content) AS event_id,
        part.key AS field,
        part.value::VARCHAR AS value
    FROM told_detail, json_each(told_detail.properties) AS part
    WHERE told_detail.content IS NOT NULL
) AS told
WHERE told.value <> 'null'
    AND (told.event_id, told.field, told.value) NOT IN (
        SELECT (event_detail.event_id, event_detail.field, event_detail.value) FROM event_detail
    )
ORDER BY ALL;
INSERT INTO kept_line
SELECT told_detail.line
FROM told_detail
JOIN event_detail ON event_detail.event_id = content_number($source || ':' || told_detail.content)
WHERE event_detail.load_id = $load_id;

-- step: detailed
-- One row is one event with what other tables say of it: one value of a field, or the list of them.
CREATE OR REPLACE TEMP TABLE detailed AS
WITH wanted AS (
    SELECT event_detail.event_id FROM event_detail WHERE event_detail.load_id = $load_id
    UNION
    SELECT event.event_id FROM event WHERE event.load_id = $load_id
),
gathered AS (
    SELECT
        event_detail.event_id,
        event_detail.field,
        list(DISTINCT event_detail.value ORDER BY event_detail.value) AS told
    FROM event_detail
    WHERE event_detail.event_id IN (SELECT wanted.event_id FROM wanted)
    GROUP BY event_detail.event_id, event_detail.field
)
SELECT
    event_id,
    '{' || string_agg(
        to_json(field)::VARCHAR || ':'
            || CASE WHEN len(told) = 1 THEN told[1] ELSE '[' || array_to_string(told, ',') || ']' END,
        ',' ORDER BY field
    ) || '}' AS properties
FROM gathered
GROUP BY event_id;
UPDATE event
SET properties = json_merge_patch(coalesce(event.properties, '{}'), detailed.properties)::VARCHAR
FROM detailed WHERE event.event_id = detailed.event_id;
INSERT INTO touched_person
SELECT event.person_id FROM event JOIN detailed ON detailed.event_id = event.event_id;

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
-- One row is one text that the store lacks, or has in an older state.
CREATE OR REPLACE TEMP TABLE new_note AS
WITH told AS (
    SELECT
        content_number(coalesce(
            $source || ':note:' || told_note.content,
            concat_ws(
                chr(31), $source, told_note.kind, identified.identifier_id,
                epoch_us(told_note.occurred_at), told_note.text
            )
        )) AS note_id,
        identifier.person_id,
        identified.identifier_id,
        told_note.occurred_at,
        coalesce(told_note.kind, 'note') AS kind,
        told_note.text,
        told_note.version,
        told_note.line
    FROM told_note
    JOIN identified
        ON identified.kind = told_note.identifier_kind AND identified.told = told_note.identifier
    JOIN identifier ON identifier.identifier_id = identified.identifier_id
    WHERE told_note.occurred_at IS NOT NULL AND trim(told_note.text) <> ''
)
SELECT DISTINCT ON (told.note_id) told.*
FROM told
LEFT JOIN note ON note.note_id = told.note_id
WHERE note.note_id IS NULL
    OR (told.version, told.text) > (note.version, coalesce(note.told, note.text))
ORDER BY told.note_id, told.version DESC, told.text DESC, told.line;
DELETE FROM note WHERE note_id IN (SELECT new_note.note_id FROM new_note);
INSERT INTO note (note_id, person_id, identifier_id, occurred_at, source, kind, text, load_id, told, version)
SELECT
    note_id, person_id, identifier_id, occurred_at, $source, kind, text, $load_id,
    CASE WHEN contains(text, chr(57344)) THEN text END, version
FROM new_note ORDER BY person_id, occurred_at, note_id;
INSERT INTO touched_person SELECT DISTINCT person_id FROM new_note;
INSERT INTO kept_line SELECT line FROM new_note;

-- step: names
-- One row is one named thing whose name the store lacks, or has an older one of.
CREATE OR REPLACE TEMP TABLE new_name AS
WITH newest AS (
    SELECT entity, key, max({'version': version, 'label': trim(label)}) AS latest, min(line) AS line
    FROM told_name
    WHERE key IS NOT NULL AND trim(label) <> ''
    GROUP BY entity, key
)
SELECT newest.entity, newest.key, newest.latest, newest.line
FROM newest
LEFT JOIN entity
    ON entity.source = $source AND entity.entity = newest.entity AND entity.key = newest.key
WHERE entity.key IS NULL OR newest.latest > {'version': entity.version, 'label': entity.label};
DELETE FROM entity
WHERE source = $source AND (entity, key) IN (SELECT (new_name.entity, new_name.key) FROM new_name);
INSERT INTO entity (source, entity, key, label, version, load_id)
SELECT $source, entity, key, latest.label, latest.version, $load_id FROM new_name ORDER BY entity, key;
INSERT INTO kept_line SELECT line FROM new_name;

-- step: spend
-- A later export of a day replaces the earlier one: ad platforms correct their last days.
CREATE OR REPLACE TEMP TABLE new_spend AS
WITH told AS (
    SELECT
        *,
        concat_ws(
            chr(31), $source, day, level, coalesce(channel, ''), coalesce(campaign, '(none)'),
            coalesce(currency, ''), coalesce(content, '')
        ) AS place
    FROM told_spend
    WHERE day IS NOT NULL AND cost IS NOT NULL
),
numbered AS (
    SELECT
        *,
        content_number(place || chr(31) || row_number() OVER (PARTITION BY place ORDER BY line)) AS spend_row_id
    FROM told
)
SELECT numbered.*
FROM numbered
LEFT JOIN spend_row ON spend_row.spend_row_id = numbered.spend_row_id
WHERE spend_row.spend_row_id IS NULL
    OR (numbered.version, coalesce(numbered.impressions, -1), coalesce(numbered.clicks, -1), numbered.cost)
        > (spend_row.version, coalesce(spend_row.impressions, -1), coalesce(spend_row.clicks, -1), spend_row.cost);
DELETE FROM spend_row WHERE spend_row_id IN (SELECT new_spend.spend_row_id FROM new_spend);
INSERT INTO spend_row (
    spend_row_id, source, day, level, channel, told_campaign, cost, currency, impressions, clicks, version, load_id
)
SELECT
    spend_row_id, $source, day, level, channel, coalesce(campaign, '(none)'), cost, currency, impressions, clicks,
    version, $load_id
FROM new_spend ORDER BY day, spend_row_id;
INSERT INTO touched_spend SELECT DISTINCT $source, day FROM new_spend;
INSERT INTO kept_line SELECT line FROM new_spend;

-- step: rejected
INSERT INTO rejected_row (load_id, line, field, reason, raw, fields)
SELECT $load_id, line, field, reason, raw, fields
FROM (
    SELECT refused.line, refused.field, refused.reason, told.raw, told.fields
    FROM refused
    JOIN (
        SELECT line AS place, concat_ws(',', /* columns */) AS raw, /* fields */ AS fields
        FROM staged_line
        WHERE line IN (SELECT refused.line FROM refused)
            AND line NOT IN (SELECT forgotten_line.line FROM forgotten_line)
        UNION ALL
        SELECT line, '', NULL FROM forgotten_line
    ) AS told ON told.place = refused.line
    UNION ALL
    SELECT line, coalesce(field, ''), coalesce(reason, ''), coalesce(raw, ''), NULL FROM staged_reject
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
    WHERE kept_line.line NOT IN (SELECT refused.line FROM refused)
);

-- step: accounts
-- One row is one kind of row, with how many of the file's rows are of it: each row is of one kind.
SELECT kind, count(*) AS rows
FROM (
    SELECT line, min_by(kind, place) AS kind
    FROM (
        SELECT line, 'rejected' AS kind, 0 AS place FROM refused
        UNION ALL SELECT line, CASE WHEN kind = 'exposure' THEN 'exposures' ELSE 'events' END, 1 FROM counted_event
        UNION ALL SELECT line, 'notes', 2 FROM told_note
            WHERE identifier IS NOT NULL AND occurred_at IS NOT NULL AND text IS NOT NULL
        UNION ALL SELECT line, 'spend', 3 FROM told_spend WHERE day IS NOT NULL AND cost IS NOT NULL
        UNION ALL SELECT line, 'traits', 4 FROM told_trait WHERE identifier IS NOT NULL
        UNION ALL SELECT line, 'identifiers', 5 FROM told_link WHERE identifier IS NOT NULL AND other IS NOT NULL
        UNION ALL SELECT line, 'details', 6 FROM told_detail WHERE content IS NOT NULL
        UNION ALL SELECT line, 'names', 7 FROM told_name WHERE key IS NOT NULL AND label IS NOT NULL
    )
    GROUP BY line
)
GROUP BY kind
ORDER BY kind;
