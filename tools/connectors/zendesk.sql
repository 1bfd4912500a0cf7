-- ticket.events: one row is one ticket, at its opening.
SELECT
    line,
    'email' AS identifier_kind,
    requester_email AS identifier,
    as_time(created_at) AS occurred_at,
    'Ticket opened' AS touchpoint,
    'Support' AS touchpoint_group,
    blank(id) AS content,
    to_json({'priority': priority, 'status': status, 'via': via_channel}) AS properties
FROM raw;

-- ticket.links: one row is one requester, as other systems know them.
SELECT
    line,
    'email' AS identifier_kind,
    requester_email AS identifier,
    'user' AS other_kind,
    requester_external_id AS other
FROM raw
WHERE blank(requester_external_id) IS NOT NULL
UNION ALL
SELECT line, 'email', requester_email, 'zendesk_user', requester_id
FROM raw
WHERE blank(requester_id) IS NOT NULL;

-- ticket.notes: one row is what a requester wrote.
SELECT
    line,
    'email' AS identifier_kind,
    requester_email AS identifier,
    as_time(created_at) AS occurred_at,
    'ticket' AS kind,
    concat_ws(chr(10), blank(subject), blank(description)) AS text
FROM raw
WHERE concat_ws('', blank(subject), blank(description)) <> '';
