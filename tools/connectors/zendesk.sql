-- ticket.events: one row is one ticket's opening, its solution or its rating.
WITH ticket AS (
    SELECT
        line, blank(id) AS id, requester_email, requester_id, as_time(created_at) AS opened_at,
        as_time(updated_at) AS updated_at, as_time(solved_at) AS solved_at, priority, status, type, tags,
        via_channel, reopens, replies, minutes_to_reply, minutes_to_resolve, rating, rating_id, rating_reason,
        comments, leftover,
        CASE
            WHEN blank(requester_email) IS NOT NULL THEN 'email'
            WHEN blank(requester_id) IS NOT NULL THEN 'zendesk_user'
            ELSE 'zendesk_ticket'
        END AS identifier_kind,
        coalesce(blank(requester_email), blank(requester_id), blank(id)) AS identifier,
        is_yes(_fivetran_deleted) OR coalesce(status = 'deleted', false) AS deleted
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
            'priority': priority,
            'status': status,
            'via': via_channel,
            'type': type,
            'tags': tags,
            'reopens': as_number(reopens),
            'replies': as_number(replies),
            'minutes_to_reply': as_number(minutes_to_reply),
            'minutes_to_resolve': as_number(minutes_to_resolve)
        },
        leftover
    ) AS properties
FROM ticket
UNION ALL
-- The opening stands among the comments, too: there it is taken back.
SELECT
    line, identifier_kind, identifier, opened_at, 'Ticket opened', 'Support',
    'said:' || id || ':' || epoch(opened_at)::BIGINT, TIMESTAMP '2200-01-01', true, NULL
FROM ticket
WHERE id IS NOT NULL AND opened_at IS NOT NULL AND identifier IS NOT NULL
UNION ALL
SELECT
    line, identifier_kind, identifier, solved_at, 'Ticket solved', 'Support',
    'status:' || id || ':' || epoch(solved_at)::BIGINT || ':solved', updated_at, deleted,
    properties_of({'minutes_to_resolve': as_number(minutes_to_resolve)}, NULL)
FROM ticket
WHERE solved_at IS NOT NULL
UNION ALL
-- A ticket does not say when it was rated: its last change is the nearest.
SELECT
    line, identifier_kind, identifier, coalesce(updated_at, solved_at, opened_at),
    'Ticket rated: ' || lower(regexp_extract(rating, '(?i)good|bad')), 'Support',
    'rating:' || coalesce(rating_id, 'of ticket ' || id), NULL, deleted,
    properties_of({'reason': rating_reason}, NULL)
FROM ticket
WHERE regexp_matches(rating, '(?i)^(good|bad)')
UNION ALL
-- The JSON export has a ticket's comments in it; the first is the opening.
SELECT
    ticket.line, ticket.identifier_kind, ticket.identifier, as_time(comment ->> 'created_at'),
    CASE
        WHEN (comment ->> 'author_id') = ticket.requester_id THEN 'Ticket replied'
        ELSE named_or('commented_by', comment ->> 'author_id', 'Ticket answered')
    END,
    'Support', 'said:' || ticket.id || ':' || epoch(as_time(comment ->> 'created_at'))::BIGINT, NULL, ticket.deleted,
    NULL
FROM ticket, unnest(TRY(from_json(ticket.comments, '["JSON"]'))) AS said (comment)
WHERE is_yes(coalesce(comment ->> 'public', 'true'))
    AND epoch(as_time(comment ->> 'created_at'))::BIGINT <> epoch(ticket.opened_at)::BIGINT;

-- ticket.links: one row is one requester of a ticket, as this and other systems know them.
WITH ticket AS (
    SELECT
        line, blank(id) AS id, blank(requester_id) AS requester_id, blank(requester_email) AS requester_email,
        blank(requester_external_id) AS external_id, blank(organization_id) AS organization_id,
        -- Who writes from an address is its owner, unless an employee wrote for them.
        CASE WHEN submitter_id = requester_id AND via_channel = 'email' THEN via_source_from_address END AS address,
        CASE WHEN submitter_id = requester_id THEN "via.source.from.phone" END AS phone
    FROM raw
)
SELECT
    line, 'zendesk_ticket' AS identifier_kind, id AS identifier, 'zendesk_user' AS other_kind, requester_id AS other,
    'part' AS tie
FROM ticket
UNION ALL
SELECT line, 'zendesk_ticket', id, 'email', requester_email, 'part' FROM ticket
UNION ALL
SELECT line, 'zendesk_user', requester_id, 'email', requester_email, 'same' FROM ticket
UNION ALL
SELECT line, 'zendesk_user', requester_id, 'user', external_id, 'same' FROM ticket
UNION ALL
SELECT line, 'email', requester_email, 'user', external_id, 'same' FROM ticket WHERE requester_id IS NULL
UNION ALL
SELECT line, 'zendesk_user', requester_id, 'email', address, 'same' FROM ticket
UNION ALL
SELECT line, 'zendesk_user', requester_id, 'phone', phone, 'same' FROM ticket
UNION ALL
SELECT line, 'zendesk_user', requester_id, 'zendesk_organization', organization_id, 'member' FROM ticket;

-- ticket.traits: one row is one requester's company.
SELECT
    line,
    CASE WHEN blank(requester_email) IS NULL THEN 'zendesk_user' ELSE 'email' END AS identifier_kind,
    coalesce(blank(requester_email), blank(requester_id)) AS identifier,
    as_time(created_at) AS set_at,
    blank(organization_name) AS company
FROM raw
WHERE blank(organization_name) IS NOT NULL;

-- ticket.notes: one row is what a requester wrote, in the ticket or about its rating.
WITH ticket AS (
    SELECT
        line, blank(id) AS id, as_time(created_at) AS opened_at, as_time(updated_at) AS updated_at, subject,
        description, rating_comment, rating_id,
        'zendesk_ticket' AS identifier_kind,
        blank(id) AS identifier
    FROM raw
    WHERE status IS DISTINCT FROM 'deleted' AND NOT is_yes(_fivetran_deleted)
)
SELECT
    line, identifier_kind, identifier, opened_at AS occurred_at, 'ticket' AS kind,
    concat_ws(chr(10), blank(subject), blank(regexp_replace(description, '<[^>]*>', ' ', 'g'))) AS text,
    'said:' || id || ':' || epoch(opened_at)::BIGINT AS content,
    TIMESTAMP '2200-01-01' AS version
FROM ticket
WHERE coalesce(blank(subject), blank(description)) IS NOT NULL
UNION ALL
SELECT
    line, identifier_kind, identifier, coalesce(updated_at, opened_at), 'rating', rating_comment,
    'rating:' || coalesce(rating_id, 'of ticket ' || id), NULL
FROM ticket
WHERE blank(rating_comment) IS NOT NULL;

-- ticket_comment.events: one row is one public comment on a ticket.
SELECT
    line,
    'zendesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    as_time(created) AS occurred_at,
    named_or('commented_by', user_id, 'Ticket comment') AS touchpoint,
    'Support' AS touchpoint_group,
    'said:' || ticket_id || ':' || epoch(as_time(created))::BIGINT AS content,
    is_yes(_fivetran_deleted) AS deleted,
    properties_of({'via': "via.channel"}, NULL) AS properties
FROM raw
WHERE is_yes(coalesce(public, 'true'));

-- ticket_comment.notes: one row is one comment on a ticket; those that are not public are employees' own.
SELECT
    line,
    'zendesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    as_time(created) AS occurred_at,
    CASE WHEN is_yes(coalesce(public, 'true')) THEN 'ticket' ELSE 'internal note' END AS kind,
    regexp_replace(coalesce(blank(plain_body), body), '<[^>]*>', ' ', 'g') AS text,
    CASE
        WHEN is_yes(coalesce(public, 'true')) THEN 'said:' || ticket_id || ':' || epoch(as_time(created))::BIGINT
        ELSE 'comment:' || id
    END AS content
FROM raw
WHERE NOT is_yes(_fivetran_deleted);

-- comment.events: one row is one public comment on a ticket that the row does not name.
SELECT
    line,
    'zendesk_user' AS identifier_kind,
    author_id AS identifier,
    as_time(created_at) AS occurred_at,
    named_or('commented_by', author_id, 'Ticket comment') AS touchpoint,
    'Support' AS touchpoint_group,
    'comment:' || id AS content,
    properties_of({'via': "via.channel"}, NULL) AS properties
FROM raw
WHERE is_yes(coalesce(public, 'true'));

-- comment.notes: one row is one comment on a ticket that the row does not name.
SELECT
    line,
    'zendesk_user' AS identifier_kind,
    author_id AS identifier,
    as_time(created_at) AS occurred_at,
    CASE WHEN is_yes(coalesce(public, 'true')) THEN 'ticket' ELSE 'internal note' END AS kind,
    regexp_replace(body, '<[^>]*>', ' ', 'g') AS text,
    'comment:' || id AS content
FROM raw;

-- ticket_field_history.events: one row is one change of a ticket's status.
WITH change AS (
    SELECT
        line, ticket_id, value, as_time(updated) AS changed_at,
        lag(value) OVER (PARTITION BY ticket_id ORDER BY as_time(updated), line) AS before
    FROM raw
    WHERE field_name = 'status'
)
SELECT
    line,
    'zendesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    changed_at AS occurred_at,
    CASE
        WHEN value = 'open' AND before IN ('solved', 'closed') THEN 'Ticket reopened'
        WHEN value IN ('new', 'open') THEN 'Ticket in progress'
        WHEN value IN ('hold', 'on-hold') THEN 'Ticket on hold'
        ELSE 'Ticket ' || value
    END AS touchpoint,
    'Support' AS touchpoint_group,
    'status:' || ticket_id || ':' || epoch(changed_at)::BIGINT || ':' || value AS content
FROM change
-- A ticket's first state is its opening.
WHERE before IS NOT NULL OR value NOT IN ('new', 'open');

-- ticket_field_history.details: one row is one value that a ticket's field had.
SELECT
    line,
    'opened:' || ticket_id AS content,
    '{' || to_json(field_name) || ':' || to_json(value) || '}' AS properties
FROM raw
WHERE value IS NOT NULL;

-- ticket_field_history.links: one row is one requester of a ticket.
SELECT
    line, 'zendesk_ticket' AS identifier_kind, ticket_id AS identifier, 'zendesk_user' AS other_kind, value AS other,
    'part' AS tie, 1 AS rank
FROM raw
WHERE field_name = 'requester_id';

-- ticket_audit.events: one row is one comment, or change of status, within one change of a ticket.
WITH part AS (
    SELECT
        line, ticket_id, author_id, as_time(created_at) AS changed_at,
        coalesce(changed.change ->> 'event_type', changed.change ->> 'type') AS kind,
        coalesce(changed.change ->> 'public', changed.change ->> 'comment_public', 'true') AS public,
        CASE
            WHEN (changed.change ->> 'field_name') = 'status' THEN changed.change ->> 'value'
            ELSE changed.change ->> 'status'
        END AS status,
        changed.change ->> 'previous_value' AS before
    FROM raw, unnest(TRY(from_json(events, '["JSON"]'))) AS changed (change)
)
SELECT
    line,
    'zendesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    changed_at AS occurred_at,
    named_or('commented_by', author_id, 'Ticket comment') AS touchpoint,
    'Support' AS touchpoint_group,
    'said:' || ticket_id || ':' || epoch(changed_at)::BIGINT AS content
FROM part
WHERE kind IN ('Comment', 'VoiceComment') AND is_yes(public)
UNION ALL
SELECT
    line,
    'zendesk_ticket',
    ticket_id,
    changed_at,
    CASE
        WHEN status = 'open' AND before IN ('solved', 'closed') THEN 'Ticket reopened'
        WHEN status IN ('new', 'open') THEN 'Ticket in progress'
        WHEN status IN ('hold', 'on-hold') THEN 'Ticket on hold'
        ELSE 'Ticket ' || status
    END,
    'Support',
    'status:' || ticket_id || ':' || epoch(changed_at)::BIGINT || ':' || status
FROM part
WHERE kind = 'Change' AND status IS NOT NULL;

-- ticket_audit.notes: one row is one comment within one change of a ticket.
SELECT
    line,
    'zendesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    as_time(created_at) AS occurred_at,
    CASE
        WHEN is_yes(coalesce(changed.change ->> 'public', changed.change ->> 'comment_public', 'true')) THEN 'ticket'
        ELSE 'internal note'
    END AS kind,
    regexp_replace(coalesce(changed.change ->> 'plain_body', changed.change ->> 'body'), '<[^>]*>', ' ', 'g') AS text,
    CASE
        WHEN is_yes(coalesce(changed.change ->> 'public', changed.change ->> 'comment_public', 'true'))
            THEN 'said:' || ticket_id || ':' || epoch(as_time(created_at))::BIGINT
        ELSE 'comment:' || (changed.change ->> 'id')
    END AS content
FROM raw, unnest(TRY(from_json(events, '["JSON"]'))) AS changed (change)
WHERE coalesce(changed.change ->> 'event_type', changed.change ->> 'type') IN ('Comment', 'VoiceComment')
    AND coalesce(changed.change ->> 'plain_body', changed.change ->> 'body') IS NOT NULL;

-- ticket_audit.details: one row is one change of a ticket, whatever it was.
SELECT
    line,
    'opened:' || ticket_id AS content,
    to_json({'changed_via': coalesce("via.channel", 'unknown')}) AS properties
FROM raw;

-- ticket_metric.events: one row is one ticket's solution.
SELECT
    line,
    'zendesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    as_time(solved_at) AS occurred_at,
    'Ticket solved' AS touchpoint,
    'Support' AS touchpoint_group,
    'status:' || ticket_id || ':' || epoch(as_time(solved_at))::BIGINT || ':solved' AS content
FROM raw
WHERE as_time(solved_at) IS NOT NULL;

-- ticket_metric.details: one row is one ticket's times and counts.
WITH metric AS (
    SELECT
        line, ticket_id, as_time(solved_at) AS solved_at,
        properties_of(
            {
                'reopens': as_number(reopens),
                'replies': as_number(replies),
                'minutes_to_reply': as_number("reply_time_in_minutes.calendar"),
                'minutes_to_resolve': as_number("full_resolution_time_in_minutes.calendar")
            },
            NULL
        ) AS properties
    FROM raw
)
SELECT line, 'opened:' || ticket_id AS content, properties FROM metric
UNION ALL
SELECT line, 'status:' || ticket_id || ':' || epoch(solved_at)::BIGINT || ':solved', properties FROM metric;

-- ticket_metric_event.events: one row is one answer, solution or missed target.
WITH metric AS (
    SELECT line, ticket_id, instance_id, metric, type, as_time(time) AS occurred_at FROM raw
)
SELECT
    line,
    'zendesk_ticket' AS identifier_kind,
    ticket_id AS identifier,
    occurred_at,
    'Ticket answered' AS touchpoint,
    'Support' AS touchpoint_group,
    'said:' || ticket_id || ':' || epoch(occurred_at)::BIGINT AS content,
    occurred_at AS version
FROM metric
WHERE metric = 'reply_time' AND type = 'fulfill'
UNION ALL
SELECT
    line, 'zendesk_ticket', ticket_id, occurred_at, 'Ticket solved', 'Support',
    'status:' || ticket_id || ':' || epoch(occurred_at)::BIGINT || ':solved', NULL
FROM metric
WHERE metric IN ('requester_wait_time', 'resolution_time') AND type = 'fulfill'
UNION ALL
SELECT
    line, 'zendesk_ticket', ticket_id, occurred_at, 'Ticket target missed: ' || replace(metric, '_', ' '), 'Support',
    'missed:' || ticket_id || ':' || metric || ':' || epoch(occurred_at)::BIGINT, NULL
FROM metric
WHERE type = 'breach';

-- ticket_metric_event.details: one row is one start, pause or other mark of a ticket's clocks.
SELECT
    line,
    'opened:' || ticket_id AS content,
    '{' || to_json(metric || '_' || type) || ':' || to_json(time) || '}' AS properties
FROM raw
WHERE time IS NOT NULL;

-- satisfaction_rating.events: one row is one rating, or one time that it was asked for.
SELECT
    line,
    'zendesk_user' AS identifier_kind,
    requester_id AS identifier,
    as_time(CASE WHEN score IN ('offered', 'unoffered') THEN created_at ELSE coalesce(updated_at, created_at) END)
        AS occurred_at,
    CASE
        WHEN regexp_matches(score, '(?i)^(good|bad)') THEN 'Ticket rated: ' || lower(regexp_extract(score, '(?i)good|bad'))
        WHEN score = 'offered' THEN 'Ticket rating asked for'
        ELSE 'Ticket rated: ' || replace(score, '_', ' ')
    END AS touchpoint,
    'Support' AS touchpoint_group,
    CASE WHEN score = 'offered' THEN 'exposure' ELSE 'action' END AS kind,
    'rating:' || id AS content,
    as_time(updated_at) AS version,
    is_yes(_fivetran_deleted) AS deleted,
    properties_of({'reason': reason}, leftover) AS properties
FROM raw
WHERE score <> 'unoffered';

-- satisfaction_rating.links: one row is one ticket's requester.
SELECT
    line, 'zendesk_ticket' AS identifier_kind, ticket_id AS identifier, 'zendesk_user' AS other_kind,
    requester_id AS other, 'part' AS tie
FROM raw;

-- satisfaction_rating.notes: one row is what a requester wrote with a rating.
SELECT
    line,
    'zendesk_user' AS identifier_kind,
    requester_id AS identifier,
    as_time(coalesce(updated_at, created_at)) AS occurred_at,
    'rating' AS kind,
    comment AS text,
    'rating:' || id AS content,
    as_time(updated_at) AS version
FROM raw
WHERE blank(comment) IS NOT NULL;

-- user.links: one row is one identifier of a customer.
WITH customer AS (
    SELECT line, id, email, phone, external_id, organization_id, shared_phone_number
    FROM raw
    WHERE coalesce(role, 'end-user') NOT IN ('agent', 'admin')
)
SELECT
    line, 'zendesk_user' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other, 'same' AS tie
FROM customer
UNION ALL
SELECT line, 'zendesk_user', id, 'phone', phone, 'same' FROM customer WHERE NOT is_yes(shared_phone_number)
UNION ALL
SELECT line, 'zendesk_user', id, 'user', external_id, 'same' FROM customer
UNION ALL
SELECT line, 'zendesk_user', id, 'zendesk_organization', organization_id, 'member' FROM customer;

-- user.traits: one row is one customer.
SELECT
    line,
    'zendesk_user' AS identifier_kind,
    id AS identifier,
    as_time(coalesce(updated_at, created_at)) AS set_at,
    blank(name) AS name,
    blank(phone) AS phone,
    blank("user_fields.country") AS country,
    blank("user_fields.plan") AS plan,
    blank(time_zone) AS time_zone
FROM raw
WHERE coalesce(role, 'end-user') NOT IN ('agent', 'admin');

-- user.names: one row is what a comment of this user is: an answer, or the customer's own.
SELECT
    line,
    'commented_by' AS entity,
    id AS key,
    CASE WHEN role IN ('agent', 'admin') THEN 'Ticket answered' ELSE 'Ticket replied' END AS label,
    as_time(updated_at) AS version
FROM raw
UNION ALL
SELECT
    line, 'wrote_in_chat', id,
    CASE WHEN role IN ('agent', 'admin') THEN 'Chat answered' ELSE 'Chat message' END,
    as_time(updated_at)
FROM raw;

-- organization.traits: one row is one organisation.
SELECT
    line,
    'zendesk_organization' AS identifier_kind,
    id AS identifier,
    as_time(coalesce(updated_at, created_at)) AS set_at,
    name AS company,
    blank("organization_fields.industry") AS industry,
    blank("organization_fields.plan") AS plan,
    blank("organization_fields.country") AS country
FROM raw;

-- organization_membership.links: one row is one person's organisation.
SELECT
    line, 'zendesk_user' AS identifier_kind, user_id AS identifier, 'zendesk_organization' AS other_kind,
    organization_id AS other, 'member' AS tie
FROM raw;

-- domain_name.traits: one row is one domain of an organisation.
SELECT
    line, 'zendesk_organization' AS identifier_kind, organization_id AS identifier, NULL::TIMESTAMP AS set_at,
    domain_name AS company_domain
FROM raw;

-- organization_tag.traits: one row is one tag of an organisation; each says all of them.
SELECT
    line, 'zendesk_organization' AS identifier_kind, organization_id AS identifier, NULL::TIMESTAMP AS set_at,
    array_to_string(list_sort(list_distinct(list(tag) OVER (PARTITION BY organization_id))), ', ') AS company_tags
FROM raw;

-- user_tag.traits: one row is one tag of a person; each says all of them.
SELECT
    line, 'zendesk_user' AS identifier_kind, user_id AS identifier, NULL::TIMESTAMP AS set_at,
    array_to_string(list_sort(list_distinct(list(tag) OVER (PARTITION BY user_id))), ', ') AS tags
FROM raw;

-- ticket_tag.details: one row is one tag of a ticket.
SELECT line, 'opened:' || ticket_id AS content, to_json({'tag': tag}) AS properties FROM raw;

-- ticket_chat.links: one row is one chat, and the ticket that it became.
SELECT
    line, 'zendesk_chat' AS identifier_kind, chat_id AS identifier, 'zendesk_user' AS other_kind, user_id AS other,
    'part' AS tie
FROM raw
UNION ALL
SELECT line, 'zendesk_ticket', ticket_id, 'zendesk_user', user_id, 'part' FROM raw
UNION ALL
SELECT line, 'zendesk_visitor', visitor_id, 'zendesk_user', user_id, 'same' FROM raw;

-- ticket_chat_event.events: one row is one message, or one thing that happened in a chat.
WITH told AS (
    SELECT
        line, chat_id, chat_index, type, leftover, as_time(created_at) AS occurred_at,
        regexp_extract(actor_id, '\d+$') AS actor,
        starts_with(actor_id, 'agent') AS ours
    FROM raw
)
SELECT
    line,
    'zendesk_chat' AS identifier_kind,
    chat_id AS identifier,
    occurred_at,
    CASE
        WHEN type = 'ChatMessage' AND ours THEN 'Chat answered'
        WHEN type = 'ChatMessage' AND actor <> '' THEN named_or('wrote_in_chat', actor, 'Chat message')
        WHEN type = 'ChatMessage' THEN 'Chat: automatic message'
        ELSE titled(lower(regexp_replace(type, '([a-z])([A-Z])', '\1 \2', 'g')))
    END AS touchpoint,
    'Support' AS touchpoint_group,
    CASE WHEN type = 'ChatMessage' AND actor = '' AND NOT coalesce(ours, false) THEN 'exposure' ELSE 'action' END AS kind,
    'chat:' || chat_id || ':' || epoch_ms(occurred_at) || ':' || coalesce(chat_index, '') || ':' || type AS content,
    leftover AS properties
FROM told;

-- ticket_chat_event.notes: one row is one message of a chat, but for those of employees and machines.
SELECT
    line,
    'zendesk_chat' AS identifier_kind,
    chat_id AS identifier,
    as_time(created_at) AS occurred_at,
    'chat' AS kind,
    message AS text,
    'chat:' || chat_id || ':' || epoch_ms(as_time(created_at)) || ':' || coalesce(chat_index, '') AS content
FROM raw
WHERE blank(message) IS NOT NULL AND NOT coalesce(regexp_matches(actor_id, '^(agent|system|__)'), false);

-- chat.events: one row is one chat, or message that was left, and its rating.
SELECT
    line,
    'zendesk_chat' AS identifier_kind,
    id AS identifier,
    as_time(timestamp) AS occurred_at,
    CASE
        WHEN type = 'offline_msg' THEN 'Chat: message left'
        WHEN is_yes(missed) THEN 'Chat missed'
        ELSE 'Chat started'
    END AS touchpoint,
    'Support' AS touchpoint_group,
    'chat:' || id AS content,
    as_time(update_timestamp) AS version,
    leftover AS properties
FROM raw
UNION ALL
SELECT
    line, 'zendesk_chat', id, coalesce(as_time(update_timestamp), as_time(timestamp)),
    'Chat rated: ' || rating, 'Support', 'chat rating:' || id, as_time(update_timestamp), NULL
FROM raw
WHERE blank(rating) IS NOT NULL;

-- chat.links: one row is one chat's visitor.
SELECT
    line, 'zendesk_chat' AS identifier_kind, id AS identifier, 'zendesk_visitor' AS other_kind, "visitor.id" AS other,
    'part' AS tie
FROM raw
UNION ALL
SELECT line, 'zendesk_chat', id, 'email', "visitor.email", 'part' FROM raw
UNION ALL
SELECT line, 'zendesk_visitor', "visitor.id", 'email', "visitor.email", 'same' FROM raw
UNION ALL
SELECT line, 'zendesk_visitor', "visitor.id", 'phone', "visitor.phone", 'same' FROM raw
UNION ALL
SELECT line, 'zendesk_ticket', zendesk_ticket_id, 'zendesk_visitor', "visitor.id", 'part' FROM raw;

-- chat.notes: one row is what a visitor wrote.
WITH visitor AS (
    SELECT
        chat.line,
        string_agg(sent.said ->> 'msg', chr(10) ORDER BY as_time(sent.said ->> 'timestamp'))
            FILTER (lower(sent.said ->> 'sender_type') = 'visitor') AS text
    FROM raw AS chat, unnest(TRY(from_json(chat.history, '["JSON"]'))) AS sent (said)
    GROUP BY chat.line
)
SELECT
    raw.line,
    'zendesk_chat' AS identifier_kind,
    raw.id AS identifier,
    as_time(raw.timestamp) AS occurred_at,
    'chat' AS kind,
    concat_ws(chr(10), blank(raw.message), blank(visitor.text), blank(raw.comment)) AS text,
    'chat:' || raw.id AS content
FROM raw
LEFT JOIN visitor ON visitor.line = raw.line
WHERE coalesce(blank(raw.message), blank(visitor.text), blank(raw.comment)) IS NOT NULL;

-- ticket_sla_policy.details: one row is one promise that holds for a ticket.
SELECT line, 'opened:' || ticket_id AS content, to_json({'sla_policy': sla_policy_id}) AS properties FROM raw;

-- ticket_schedule.details: one row is one working time that holds for a ticket.
SELECT line, 'opened:' || ticket_id AS content, to_json({'schedule': schedule_id}) AS properties FROM raw;

-- ticket_form.names: one row is one form in one of its states.
SELECT line, 'ticket_form' AS entity, id AS key, name AS label, as_time(updated_at) AS version FROM raw;

-- brand.names: one row is one brand.
SELECT line, 'brand' AS entity, id AS key, name AS label, as_time(updated_at) AS version FROM raw;

-- group.names: one row is one group of employees.
SELECT line, 'group' AS entity, id AS key, name AS label, as_time(updated_at) AS version FROM raw;

-- schedule.names: one row is one stretch of a working time.
SELECT line, 'schedule' AS entity, id AS key, name AS label FROM raw;
