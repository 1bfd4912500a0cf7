-- conversation.events: one row is one conversation's beginning, first answer, closing, reopening or rating.
WITH told AS (
    SELECT
        line, id, state, source_url, priority, rating, "tags.tags" AS tags, parts, leftover,
        as_time(created_at) AS started_at,
        as_time(updated_at) AS updated_at,
        as_time(rated_at) AS rated_at,
        as_time(answered_at) AS answered_at,
        as_time(first_close_at) AS first_close_at,
        as_time(last_close_at) AS last_close_at,
        _fivetran_start IS NOT NULL AS in_history,
        lag(state) OVER (PARTITION BY id ORDER BY as_time(updated_at), line) AS before,
        coalesce(source_author_type, 'user') IN ('admin', 'bot', 'team') AS ours,
        CASE
            WHEN source_author_type IN ('user', 'lead', 'contact') THEN source_author_id
            ELSE TRY(json_extract_string("contacts.contacts", '$[0].id'))
        END AS contact
    FROM raw
),
conversation AS (
    SELECT
        line, id, state, source_url, priority, rating, tags, parts, leftover, started_at, updated_at, rated_at,
        answered_at, first_close_at, last_close_at, in_history, before, ours,
        CASE WHEN contact IS NULL THEN 'intercom_conversation' ELSE 'intercom_contact' END AS identifier_kind,
        coalesce(contact, id) AS identifier
    FROM told
),
part AS (
    SELECT
        line, id, identifier_kind, identifier,
        nested.part ->> 'id' AS part_id,
        nested.part ->> 'part_type' AS part_type,
        nested.part ->> '$.author.id' AS author_id,
        as_time(nested.part ->> 'created_at') AS occurred_at,
        as_time(nested.part ->> 'updated_at') AS version,
        CASE
            WHEN (nested.part ->> '$.author.type') IN ('user', 'lead', 'contact') THEN 'them'
            WHEN (nested.part ->> '$.author.type') = 'bot' THEN 'bot'
            ELSE 'us'
        END AS author,
        CASE
            WHEN (nested.part ->> 'part_type') IN ('comment', 'quick_reply') THEN 'said'
            WHEN (nested.part ->> 'part_type') = 'close' THEN 'closed'
            WHEN (nested.part ->> 'part_type') IN ('open', 'assign_and_reopen') THEN 'reopened'
            WHEN (nested.part ->> 'part_type') LIKE '%assignment%' AND blank(nested.part ->> 'body') IS NOT NULL
                THEN 'said'
            -- What employees do among themselves is no event of the customer's.
            WHEN NOT regexp_matches(
                (nested.part ->> 'part_type'),
                '^note|assign|attribute|participant|language|priority|tag|workflow|custom_action|redacted'
            ) THEN 'other'
        END AS what
    FROM conversation, unnest(TRY(from_json(parts, '["JSON"]'))) AS nested (part)
)
SELECT
    line,
    identifier_kind,
    identifier,
    started_at AS occurred_at,
    CASE WHEN ours THEN 'Message received' ELSE 'Conversation started' END AS touchpoint,
    'Support' AS touchpoint_group,
    CASE WHEN ours THEN 'exposure' ELSE 'action' END AS kind,
    'started:' || id AS content,
    updated_at AS version,
    properties_of({'state': state, 'priority': priority, 'page': source_url, 'tags': tags}, leftover) AS properties
FROM conversation
UNION ALL
SELECT
    line, identifier_kind, identifier, answered_at, 'Conversation answered', 'Support', 'action',
    'said:' || id || ':' || epoch(answered_at)::BIGINT || ':us', NULL, NULL
FROM conversation
WHERE answered_at IS NOT NULL
UNION ALL
SELECT
    line, identifier_kind, identifier, closed.closed_at, 'Conversation closed', 'Support', 'action',
    'closed:' || id || ':' || epoch(closed.closed_at)::BIGINT, NULL, NULL
FROM conversation, unnest(list_distinct([
    first_close_at,
    last_close_at,
    CASE WHEN in_history AND state = 'closed' AND before IS DISTINCT FROM 'closed' THEN updated_at END
])) AS closed (closed_at)
WHERE closed.closed_at IS NOT NULL
UNION ALL
SELECT
    line, identifier_kind, identifier, updated_at, 'Conversation reopened', 'Support', 'action',
    'reopened:' || id || ':' || epoch(updated_at)::BIGINT, NULL, NULL
FROM conversation
WHERE state = 'open' AND before = 'closed'
UNION ALL
SELECT
    line, identifier_kind, identifier, coalesce(rated_at, updated_at), 'Conversation rated: ' || rating, 'Support',
    'action', 'rating:' || id, updated_at, NULL
FROM conversation
WHERE blank(rating) IS NOT NULL
UNION ALL
SELECT
    line,
    CASE WHEN author = 'them' AND author_id IS NOT NULL THEN 'intercom_contact' ELSE identifier_kind END,
    CASE WHEN author = 'them' THEN coalesce(author_id, identifier) ELSE identifier END,
    occurred_at,
    CASE
        WHEN what = 'said' AND author = 'them' THEN 'Conversation replied'
        WHEN what = 'said' AND author = 'bot' THEN 'Conversation answered by a bot'
        WHEN what = 'said' THEN 'Conversation answered'
        WHEN what IN ('closed', 'reopened') THEN 'Conversation ' || what
        ELSE 'Conversation: ' || replace(part_type, '_', ' ')
    END,
    'Support',
    'action',
    CASE
        WHEN what = 'said' AND part_type NOT LIKE '%assign%' THEN
            'said:' || id || ':' || epoch(occurred_at)::BIGINT || ':' || author
        WHEN what IN ('closed', 'reopened') THEN what || ':' || id || ':' || epoch(occurred_at)::BIGINT
        ELSE 'part:' || part_id
    END,
    version,
    NULL
FROM part
WHERE what IS NOT NULL AND occurred_at IS NOT NULL;

-- conversation.links: one row is one contact of a conversation.
WITH conversation AS (
    SELECT
        line, id, source_author_email, "contacts.contacts" AS contacts,
        CASE WHEN source_author_type IN ('user', 'lead', 'contact') THEN source_author_id END AS author
    FROM raw
)
SELECT
    line, 'intercom_conversation' AS identifier_kind, id AS identifier, 'intercom_contact' AS other_kind,
    author AS other, 'part' AS tie, 0 AS rank
FROM conversation
UNION ALL
SELECT line, 'intercom_contact', author, 'email', source_author_email, 'same', 0 FROM conversation
UNION ALL
SELECT line, 'intercom_conversation', id, 'intercom_contact', contact ->> 'id', 'part', 1
FROM conversation, unnest(TRY(from_json(contacts, '["JSON"]'))) AS talked (contact)
UNION ALL
SELECT line, 'intercom_contact', contact ->> 'id', 'user', contact ->> 'external_id', 'same', 0
FROM conversation, unnest(TRY(from_json(contacts, '["JSON"]'))) AS talked (contact);

-- conversation.notes: one row is what was written in a conversation, or about its rating.
WITH conversation AS (
    SELECT
        line, id, source_subject, source_body, rating_remark, parts,
        as_time(created_at) AS started_at,
        as_time(updated_at) AS updated_at,
        as_time(rated_at) AS rated_at
    FROM raw
)
SELECT
    line,
    'intercom_conversation' AS identifier_kind,
    id AS identifier,
    started_at AS occurred_at,
    'chat' AS kind,
    blank(regexp_replace(concat_ws(chr(10), blank(source_subject), blank(source_body)), '<[^>]*>', ' ', 'g')) AS text,
    'started:' || id AS content,
    updated_at AS version
FROM conversation
UNION ALL
SELECT
    line, 'intercom_conversation', id, coalesce(rated_at, updated_at), 'rating', blank(rating_remark), 'rating:' || id,
    updated_at
FROM conversation
UNION ALL
SELECT
    line, 'intercom_conversation', id, as_time(part ->> 'created_at'),
    CASE WHEN (part ->> 'part_type') = 'note' THEN 'internal note' ELSE 'chat' END,
    blank(regexp_replace(part ->> 'body', '<[^>]*>', ' ', 'g')), 'part:' || (part ->> 'id'),
    as_time(part ->> 'updated_at')
FROM conversation, unnest(TRY(from_json(parts, '["JSON"]'))) AS nested (part);

-- conversation_part.events: one row is one reply, answer, closing or reopening.
WITH part AS (
    SELECT
        line, conversation_id AS id, id AS part_id, part_type, blank(author_id) AS author_id, leftover,
        as_time(created_at) AS occurred_at,
        as_time(updated_at) AS version,
        CASE
            WHEN author_type IN ('user', 'lead', 'contact') THEN 'them'
            WHEN author_type = 'bot' THEN 'bot'
            ELSE 'us'
        END AS author,
        CASE
            WHEN part_type IN ('comment', 'quick_reply') THEN 'said'
            WHEN part_type = 'close' THEN 'closed'
            WHEN part_type IN ('open', 'assign_and_reopen') THEN 'reopened'
            WHEN part_type LIKE '%assignment%' AND blank(body) IS NOT NULL THEN 'said'
            -- What employees do among themselves is no event of the customer's.
            WHEN NOT regexp_matches(
                part_type,
                '^note|assign|attribute|participant|language|priority|tag|workflow|custom_action|redacted'
            ) THEN 'other'
        END AS what
    FROM raw
)
SELECT
    line,
    CASE WHEN author = 'them' AND author_id IS NOT NULL THEN 'intercom_contact' ELSE 'intercom_conversation' END
        AS identifier_kind,
    CASE WHEN author = 'them' THEN coalesce(author_id, id) ELSE id END AS identifier,
    occurred_at,
    CASE
        WHEN what = 'said' AND author = 'them' THEN 'Conversation replied'
        WHEN what = 'said' AND author = 'bot' THEN 'Conversation answered by a bot'
        WHEN what = 'said' THEN 'Conversation answered'
        WHEN what IN ('closed', 'reopened') THEN 'Conversation ' || what
        ELSE 'Conversation: ' || replace(part_type, '_', ' ')
    END AS touchpoint,
    'Support' AS touchpoint_group,
    CASE
        WHEN what = 'said' AND part_type NOT LIKE '%assign%' THEN
            'said:' || id || ':' || epoch(occurred_at)::BIGINT || ':' || author
        WHEN what IN ('closed', 'reopened') THEN what || ':' || id || ':' || epoch(occurred_at)::BIGINT
        ELSE 'part:' || part_id
    END AS content,
    version,
    leftover AS properties
FROM part
WHERE what IS NOT NULL;

-- conversation_part.details: one row is one thing that employees did within a conversation.
SELECT line, 'started:' || conversation_id AS content, to_json({'parts': part_type}) AS properties
FROM raw;

-- conversation_part.links: one row is one customer who wrote in a conversation.
SELECT
    line, 'intercom_conversation' AS identifier_kind, conversation_id AS identifier,
    'intercom_contact' AS other_kind, author_id AS other, 'part' AS tie, 1 AS rank
FROM raw
WHERE author_type IN ('user', 'lead', 'contact')
UNION ALL
SELECT line, 'intercom_contact', author_id, 'email', author_email, 'same', 0
FROM raw
WHERE author_type IN ('user', 'lead', 'contact');

-- conversation_part.notes: one row is what was written.
SELECT
    line,
    'intercom_conversation' AS identifier_kind,
    conversation_id AS identifier,
    as_time(created_at) AS occurred_at,
    CASE WHEN part_type = 'note' THEN 'internal note' ELSE 'chat' END AS kind,
    blank(regexp_replace(body, '<[^>]*>', ' ', 'g')) AS text,
    'part:' || id AS content,
    as_time(updated_at) AS version
FROM raw;

-- ticket.events: one row is one ticket's opening, or one thing that happened to it.
WITH ticket AS (
    SELECT
        line, id, state, parts, leftover, as_time(created_at) AS opened_at, as_time(updated_at) AS updated_at,
        TRY(json_extract_string("contacts.contacts", '$[0].id')) AS contact
    FROM raw
),
part AS (
    SELECT
        line, id, contact,
        nested.part ->> 'id' AS part_id,
        nested.part ->> 'part_type' AS part_type,
        nested.part ->> 'ticket_state' AS part_state,
        (nested.part ->> '$.author.type') IN ('user', 'lead', 'contact') AS theirs,
        as_time(nested.part ->> 'created_at') AS occurred_at
    FROM ticket, unnest(TRY(from_json(parts, '["JSON"]'))) AS nested (part)
)
SELECT
    line,
    CASE WHEN contact IS NULL THEN 'intercom_ticket' ELSE 'intercom_contact' END AS identifier_kind,
    coalesce(contact, id) AS identifier,
    opened_at AS occurred_at,
    'Ticket opened' AS touchpoint,
    'Support' AS touchpoint_group,
    'ticket:' || id AS content,
    updated_at AS version,
    properties_of({'state': state}, leftover) AS properties
FROM ticket
UNION ALL
SELECT
    line,
    CASE WHEN contact IS NULL THEN 'intercom_ticket' ELSE 'intercom_contact' END,
    coalesce(contact, id),
    occurred_at,
    CASE
        WHEN part_type = 'comment' THEN CASE WHEN theirs THEN 'Ticket replied' ELSE 'Ticket answered' END
        WHEN part_state = 'resolved' THEN 'Ticket solved'
        ELSE 'Ticket ' || replace(part_state, '_', ' ')
    END,
    'Support',
    'ticket part:' || part_id,
    NULL,
    NULL
FROM part
WHERE occurred_at IS NOT NULL
    AND (part_type = 'comment' OR (part_type LIKE 'ticket_state%' AND part_state IS NOT NULL));

-- ticket.links: one row is one contact of a ticket.
SELECT
    line, 'intercom_ticket' AS identifier_kind, id AS identifier, 'intercom_contact' AS other_kind,
    talked.contact ->> 'id' AS other, 'part' AS tie
FROM raw, unnest(TRY(from_json("contacts.contacts", '["JSON"]'))) AS talked (contact);

-- ticket.notes: one row is what a ticket is about, or what was written in it.
SELECT
    line,
    'intercom_ticket' AS identifier_kind,
    id AS identifier,
    as_time(created_at) AS occurred_at,
    'ticket' AS kind,
    concat_ws(chr(10), blank(title), blank(regexp_replace(description, '<[^>]*>', ' ', 'g'))) AS text,
    'ticket:' || id AS content
FROM raw
WHERE coalesce(blank(title), blank(description)) IS NOT NULL
UNION ALL
SELECT
    line, 'intercom_ticket', id, as_time(nested.part ->> 'created_at'),
    CASE WHEN (nested.part ->> 'part_type') = 'note' THEN 'internal note' ELSE 'ticket' END,
    blank(regexp_replace(nested.part ->> 'body', '<[^>]*>', ' ', 'g')), 'ticket part:' || (nested.part ->> 'id')
FROM raw, unnest(TRY(from_json(parts, '["JSON"]'))) AS nested (part);

-- contact.links: one row is one identifier, or the company, of a contact.
SELECT
    line, 'intercom_contact' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other, 'same' AS tie
FROM raw
UNION ALL
SELECT line, 'intercom_contact', id, 'phone', phone, 'same' FROM raw
UNION ALL
-- A lead's number is Intercom's own.
SELECT line, 'intercom_contact', id, 'user', external_id, 'same' FROM raw WHERE role IS DISTINCT FROM 'lead'
UNION ALL
SELECT line, 'intercom_contact', id, 'intercom_company', worked.company ->> 'id', 'member'
FROM raw, unnest(TRY(from_json("companies.data", '["JSON"]'))) AS worked (company);

-- contact.traits: one row is one contact in one of its states.
SELECT
    line,
    'intercom_contact' AS identifier_kind,
    id AS identifier,
    as_time(coalesce(updated_at, created_at)) AS set_at,
    blank(name) AS name,
    blank(phone) AS phone,
    blank(location_city) AS city,
    blank(location_country) AS country,
    blank(custom_job_title) AS job_title,
    blank(custom_plan) AS plan,
    blank(custom_industry) AS industry,
    blank(role) AS lifecycle_stage,
    blank(browser) AS browser,
    blank(os) AS os
FROM raw;

-- contact_export.links: one row is one contact's mailbox.
SELECT line, 'email' AS identifier_kind, email AS identifier, 'user' AS other_kind, user_id AS other FROM raw
UNION ALL
SELECT line, 'email', email, 'phone', phone FROM raw
UNION ALL
SELECT line, 'email', email, 'intercom_contact', id FROM raw;

-- contact_export.traits: one row is one contact.
SELECT
    line,
    CASE WHEN blank(email) IS NULL THEN 'user' ELSE 'email' END AS identifier_kind,
    coalesce(blank(email), user_id) AS identifier,
    coalesce(as_time("Last seen"), as_time(first_seen)) AS set_at,
    blank(name) AS name,
    blank(phone) AS phone,
    blank(location_city) AS city,
    blank(location_country) AS country,
    blank(company) AS company,
    blank(custom_job_title) AS job_title
FROM raw;

-- company.traits: one row is one company in one of its states.
SELECT
    line,
    'intercom_company' AS identifier_kind,
    id AS identifier,
    as_time(coalesce(updated_at, created_at)) AS set_at,
    blank(name) AS company,
    blank(industry) AS industry,
    blank(plan_name) AS plan,
    blank("custom_attributes.country") AS country,
    CASE
        WHEN as_number(size) < 1 THEN NULL
        WHEN as_number(size) < 11 THEN '1-10'
        WHEN as_number(size) < 51 THEN '11-50'
        WHEN as_number(size) < 201 THEN '51-200'
        WHEN as_number(size) < 1001 THEN '201-1000'
        WHEN as_number(size) >= 1001 THEN 'over 1000'
    END AS company_size
FROM raw;

-- event.events: one row is one event that the company's own product told.
SELECT
    line,
    'intercom_contact' AS identifier_kind,
    intercom_user_id AS identifier,
    as_time(created_at) AS occurred_at,
    titled(replace(event_name, '-', ' ')) AS touchpoint,
    'Product' AS touchpoint_group,
    'event:' || id AS content,
    leftover AS properties
FROM raw;

-- event.links: one row is one identifier of who did it.
SELECT line, 'intercom_contact' AS identifier_kind, intercom_user_id AS identifier, 'user' AS other_kind, user_id AS other
FROM raw
UNION ALL
SELECT line, 'intercom_contact', intercom_user_id, 'email', email FROM raw;

-- receipt.events: one row is one message sent to one person, or the first thing that they did with it.
WITH step AS (
    SELECT
        line, user_id, receipt_id, content_title, series_title, content_type, done.told, done.action,
        done.kind, leftover
    FROM (
        SELECT
            line, user_id, receipt_id, content_title, series_title, content_type, leftover,
            [
                {'told': received_at, 'action': 'received', 'kind': 'exposure'},
                {'told': first_open, 'action': 'opened', 'kind': 'action'},
                {'told': first_click, 'action': 'clicked', 'kind': 'action'},
                {'told': first_reply, 'action': 'replied', 'kind': 'action'},
                {'told': first_completion, 'action': 'completed', 'kind': 'action'},
                {'told': first_dismissal, 'action': 'dismissed', 'kind': 'action'},
                {'told': first_unsubscribe, 'action': 'unsubscribed', 'kind': 'action'},
                {'told': first_hard_bounce, 'action': 'bounced', 'kind': 'exposure'},
                {'told': first_goal_success, 'action': 'reached its goal', 'kind': 'action'}
            ] AS steps
        FROM raw
    ), unnest(steps) AS taken (done)
)
SELECT
    line,
    'intercom_contact' AS identifier_kind,
    user_id AS identifier,
    as_time(told) AS occurred_at,
    concat_ws(
        ': ',
        CASE WHEN content_type = 'email' THEN 'Email ' ELSE 'Message ' END || action,
        blank(content_title)
    ) AS touchpoint,
    CASE WHEN content_type = 'email' THEN 'Email' ELSE 'Product' END AS touchpoint_group,
    kind,
    CASE WHEN content_type = 'email' THEN 'Email' END AS channel,
    coalesce(blank(series_title), blank(content_title)) AS campaign,
    'receipt:' || receipt_id || ':' || action AS content,
    properties_of({'content_type': content_type}, leftover) AS properties
FROM step
WHERE action = 'received' OR as_time(told) IS NOT NULL;

-- receipt.links: one row is one identifier of who was written to.
SELECT line, 'intercom_contact' AS identifier_kind, user_id AS identifier, 'email' AS other_kind, email AS other FROM raw
UNION ALL
SELECT line, 'intercom_contact', user_id, 'user', user_external_id FROM raw;

-- conversation_contact.links: one row is one contact of a conversation.
SELECT
    line, 'intercom_conversation' AS identifier_kind, conversation_id AS identifier,
    'intercom_contact' AS other_kind, contact_id AS other, 'part' AS tie, 1 AS rank
FROM raw;

-- contact_company.links: one row is one contact's company.
SELECT
    line, 'intercom_contact' AS identifier_kind, contact_id AS identifier, 'intercom_company' AS other_kind,
    company_id AS other, 'member' AS tie
FROM raw;

-- conversation_tag.details: one row is one tag of a conversation.
SELECT line, 'started:' || conversation_id AS content, to_json({'tag': tag_id}) AS properties FROM raw;

-- contact_tag.traits: one row is one tag of a contact; each says all that hold.
SELECT
    line, 'intercom_contact' AS identifier_kind, contact_id AS identifier, as_time(contact_updated_at) AS set_at,
    string_agg(tag_id, ', ' ORDER BY tag_id) FILTER (is_yes(coalesce(_fivetran_active, 'true')))
        OVER (PARTITION BY contact_id) AS tag_ids
FROM raw;

-- company_tag.traits: one row is one tag of a company; each says all that hold.
SELECT
    line, 'intercom_company' AS identifier_kind, company_id AS identifier, as_time(company_updated_at) AS set_at,
    string_agg(tag_id, ', ' ORDER BY tag_id) FILTER (is_yes(coalesce(_fivetran_active, 'true')))
        OVER (PARTITION BY company_id) AS company_tag_ids
FROM raw;

-- article.names: one row is one article.
SELECT line, 'article' AS entity, id AS key, title AS label, as_time(updated_at) AS version FROM raw;

-- collection.names: one row is one collection of articles.
SELECT line, 'collection' AS entity, id AS key, name AS label, as_time(updated_at) AS version FROM raw;

-- help_center.names: one row is one help center.
SELECT line, 'help_center' AS entity, id AS key, display_name AS label, as_time(updated_at) AS version FROM raw;

-- tag.names: one row is one tag.
SELECT line, 'tag' AS entity, id AS key, name AS label, as_time(_fivetran_synced) AS version FROM raw;

-- team.names: one row is one team.
SELECT line, 'team' AS entity, id AS key, name AS label, as_time(_fivetran_synced) AS version FROM raw;
