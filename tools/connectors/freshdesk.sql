-- ticket.events: one row is one ticket's opening, first answer, solution, closing or reopening.
WITH ticket AS (
    SELECT
        line, blank(id) AS id, status, priority, source, type, tags, rating, conversations, leftover,
        as_time(created_at) AS opened_at,
        as_time(updated_at) AS updated_at,
        as_time(answered_at) AS answered_at,
        as_time(resolved_at) AS resolved_at,
        as_time(closed_at) AS closed_at,
        as_time(reopened_at) AS reopened_at,
        is_yes(deleted) OR is_yes(spam) AS deleted,
        CASE
            WHEN blank(requester_id) IS NOT NULL THEN 'freshdesk_contact'
            WHEN blank(requester_email) IS NOT NULL THEN 'email'
            ELSE 'freshdesk_ticket'
        END AS identifier_kind,
        coalesce(blank(requester_id), blank(requester_email), blank(id)) AS identifier
    FROM raw
)
SELECT
    line,
    identifier_kind,
    identifier,
    opened_at AS occurred_at,
    'Ticket opened' AS touchpoint,
    'Support' AS touchpoint_group,
    'opened:' || id AS content,
    updated_at AS version,
    deleted,
    properties_of(
        {
            'status': CASE status WHEN '2' THEN 'open' WHEN '3' THEN 'pending' WHEN '4' THEN 'resolved'
                WHEN '5' THEN 'closed' ELSE lower(status) END,
            'priority': CASE priority WHEN '1' THEN 'low' WHEN '2' THEN 'medium' WHEN '3' THEN 'high'
                WHEN '4' THEN 'urgent' ELSE lower(priority) END,
            'via': CASE source WHEN '1' THEN 'email' WHEN '2' THEN 'portal' WHEN '3' THEN 'phone' WHEN '7' THEN 'chat'
                WHEN '9' THEN 'feedback widget' WHEN '10' THEN 'outbound email' ELSE lower(source) END,
            'type': type,
            'tags': tags
        },
        leftover
    ) AS properties
FROM ticket
UNION ALL
SELECT
    line, identifier_kind, identifier, step.told, step.touchpoint, 'Support',
    step.content || ':' || id || ':' || epoch(step.told)::BIGINT, NULL, deleted, NULL
FROM ticket, unnest([
    {'told': answered_at, 'touchpoint': 'Ticket answered', 'content': 'said'},
    {'told': resolved_at, 'touchpoint': 'Ticket solved', 'content': 'solved'},
    {'told': closed_at, 'touchpoint': 'Ticket closed', 'content': 'closed'},
    {'told': reopened_at, 'touchpoint': 'Ticket reopened', 'content': 'reopened'}
]) AS taken (step)
WHERE step.told IS NOT NULL
UNION ALL
-- A ticket does not say when it was rated: its end is the nearest.
SELECT
    line, identifier_kind, identifier, coalesce(closed_at, resolved_at, updated_at, opened_at),
    'Ticket rated: ' || lower(rating), 'Support', 'rating of:' || id, NULL, deleted, NULL
FROM ticket
WHERE blank(rating) IS NOT NULL
UNION ALL
SELECT
    line, identifier_kind, identifier, as_time(message ->> 'created_at'),
    CASE WHEN is_yes(message ->> 'incoming') THEN 'Ticket replied' ELSE 'Ticket answered' END, 'Support',
    'said:' || id || ':' || epoch(as_time(message ->> 'created_at'))::BIGINT, as_time(message ->> 'updated_at'),
    deleted, NULL
FROM ticket, unnest(TRY(from_json(conversations, '["JSON"]'))) AS said (message)
WHERE NOT is_yes(message ->> 'private') AND as_time(message ->> 'created_at') IS NOT NULL;

-- ticket.links: one row is one identifier, or the company, of a requester.
WITH ticket AS (
    SELECT
        line, blank(id) AS id, blank(requester_id) AS requester_id, blank(requester_email) AS email,
        blank(requester_phone) AS phone, blank(external_id) AS external_id, blank(company_id) AS company_id
    FROM raw
)
SELECT
    line, 'freshdesk_ticket' AS identifier_kind, id AS identifier, 'freshdesk_contact' AS other_kind,
    requester_id AS other, 'part' AS tie
FROM ticket
UNION ALL
SELECT line, 'freshdesk_ticket', id, 'email', email, 'part' FROM ticket
UNION ALL
SELECT line, 'freshdesk_contact', requester_id, 'email', email, 'same' FROM ticket
UNION ALL
SELECT line, 'freshdesk_contact', requester_id, 'phone', phone, 'same' FROM ticket
UNION ALL
SELECT line, 'email', email, 'user', external_id, 'same' FROM ticket
UNION ALL
SELECT line, 'freshdesk_contact', requester_id, 'freshdesk_company', company_id, 'member' FROM ticket;

-- ticket.traits: one row is one requester's company.
SELECT
    line,
    CASE WHEN blank(requester_id) IS NULL THEN 'email' ELSE 'freshdesk_contact' END AS identifier_kind,
    coalesce(blank(requester_id), blank(requester_email)) AS identifier,
    as_time(created_at) AS set_at,
    blank(company) AS company
FROM raw
WHERE blank(company) IS NOT NULL;

-- ticket.notes: one row is what a requester wrote, or was answered.
WITH ticket AS (
    SELECT line, id, subject, description_text, as_time(created_at) AS opened_at, updated_at, conversations
    FROM raw
    WHERE NOT is_yes(deleted) AND NOT is_yes(spam)
)
SELECT
    line,
    'freshdesk_ticket' AS identifier_kind,
    id AS identifier,
    opened_at AS occurred_at,
    'ticket' AS kind,
    concat_ws(chr(10), blank(subject), blank(regexp_replace(description_text, '<[^>]*>', ' ', 'g'))) AS text,
    'opened:' || id AS content,
    as_time(updated_at) AS version
FROM ticket
WHERE coalesce(blank(subject), blank(description_text)) IS NOT NULL
UNION ALL
SELECT
    line, 'freshdesk_ticket', id, as_time(message ->> 'created_at'),
    CASE WHEN is_yes(message ->> 'private') THEN 'internal note' ELSE 'ticket' END,
    coalesce(blank(message ->> 'body_text'), regexp_replace(message ->> 'body', '<[^>]*>', ' ', 'g')),
    'message:' || (message ->> 'id'), as_time(message ->> 'updated_at')
FROM ticket, unnest(TRY(from_json(conversations, '["JSON"]'))) AS said (message);

-- conversation.events: one row is one reply or answer.
SELECT
    line,
    'freshdesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    as_time(created_at) AS occurred_at,
    CASE WHEN is_yes(incoming) THEN 'Ticket replied' ELSE 'Ticket answered' END AS touchpoint,
    'Support' AS touchpoint_group,
    'said:' || ticket_id || ':' || epoch(as_time(created_at))::BIGINT AS content,
    as_time(updated_at) AS version
FROM raw
WHERE NOT is_yes(private);

-- conversation.links: one row is one requester who wrote.
SELECT
    line, 'freshdesk_ticket' AS identifier_kind, ticket_id AS identifier, 'freshdesk_contact' AS other_kind,
    user_id AS other, 'part' AS tie, 1 AS rank
FROM raw
WHERE is_yes(incoming);

-- conversation.notes: one row is what was written; employees' own notes are apart.
SELECT
    line,
    'freshdesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    as_time(created_at) AS occurred_at,
    CASE WHEN is_yes(private) THEN 'internal note' ELSE 'ticket' END AS kind,
    regexp_replace(body_text, '<[^>]*>', ' ', 'g') AS text,
    'message:' || id AS content,
    as_time(updated_at) AS version
FROM raw;

-- contact.links: one row is one identifier, or the company, of a contact.
SELECT
    line, 'freshdesk_contact' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other, 'same' AS tie
FROM raw
UNION ALL
SELECT line, 'freshdesk_contact', id, 'email', other.address, 'same'
FROM raw, unnest(TRY(from_json(other_emails, '["VARCHAR"]'))) AS other (address)
UNION ALL
SELECT line, 'freshdesk_contact', id, 'phone', phone, 'same' FROM raw
UNION ALL
SELECT line, 'freshdesk_contact', id, 'phone', mobile, 'same' FROM raw
UNION ALL
SELECT line, 'freshdesk_contact', id, 'user', unique_external_id, 'same' FROM raw
UNION ALL
SELECT line, 'freshdesk_contact', id, 'freshdesk_company', company_id, 'member' FROM raw;

-- contact.traits: one row is one contact.
SELECT
    line,
    'freshdesk_contact' AS identifier_kind,
    id AS identifier,
    as_time(coalesce(updated_at, created_at)) AS set_at,
    blank(name) AS name,
    coalesce(blank(phone), blank(mobile)) AS phone,
    blank(job_title) AS job_title,
    blank("custom_fields.country") AS country,
    blank("custom_fields.plan") AS plan
FROM raw;

-- company.traits: one row is one company.
SELECT
    line,
    'freshdesk_company' AS identifier_kind,
    id AS identifier,
    as_time(coalesce(updated_at, created_at)) AS set_at,
    name AS company,
    blank(industry) AS industry,
    blank("custom_fields.plan") AS plan
FROM raw;

-- satisfaction_rating.events: one row is one rating.
WITH rating AS (
    SELECT
        line, id, user_id, as_time(created_at) AS created_at, updated_at, leftover,
        coalesce(
            as_number("ratings.default_question"),
            as_number(TRY(json_extract_string("ratings.default_question", '$.default_question')))
        ) AS score
    FROM raw
)
SELECT
    line,
    'freshdesk_contact' AS identifier_kind,
    user_id AS identifier,
    created_at AS occurred_at,
    concat_ws(
        ': ',
        'Ticket rated',
        CASE WHEN score > 100 THEN 'happy' WHEN score = 100 THEN 'neutral' WHEN score < 0 THEN 'unhappy' END
    ) AS touchpoint,
    'Support' AS touchpoint_group,
    'rating:' || id AS content,
    as_time(updated_at) AS version,
    properties_of({'score': score}, leftover) AS properties
FROM rating;

-- satisfaction_rating.links: one row is one ticket's requester.
SELECT
    line, 'freshdesk_ticket' AS identifier_kind, ticket_id AS identifier, 'freshdesk_contact' AS other_kind,
    user_id AS other, 'part' AS tie, 1 AS rank
FROM raw;

-- satisfaction_rating.notes: one row is what a requester wrote with a rating.
SELECT
    line,
    'freshdesk_contact' AS identifier_kind,
    user_id AS identifier,
    as_time(created_at) AS occurred_at,
    'rating' AS kind,
    feedback AS text,
    'rating:' || id AS content,
    as_time(updated_at) AS version
FROM raw
WHERE blank(feedback) IS NOT NULL;
