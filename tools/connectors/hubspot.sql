-- contact.events: one row is one contact's creation, a stage of its life, or a form that its record tells of.
WITH lived AS (
    SELECT DISTINCT ON (line, stage)
        line, occurred_at, life_stage(stage) AS life_stage
    FROM (
        SELECT
            raw.line,
            as_time(json_extract_string(told.value, '$')) AS occurred_at,
            regexp_extract(told.key, 'hs_(?:lifecyclestage|v2_date_entered)_(.+?)(?:_date)?(?:\.value)?$', 1) AS stage,
            told.key
        FROM raw, json_each(raw.leftover) AS told
        WHERE regexp_matches(told.key, 'hs_(lifecyclestage_.+_date|v2_date_entered_.+?)(\.value)?$')
        UNION ALL
        SELECT
            raw.line, as_time(json_extract_string(told.value, '$.timestamp')), json_extract_string(told.value, '$.value'), ''
        FROM raw, json_each(CASE WHEN json_valid(raw.stages) THEN raw.stages END) AS told
    )
    WHERE stage <> 'current_stage' AND occurred_at IS NOT NULL
    ORDER BY line, stage, occurred_at, key
),
happened AS (
    SELECT line, as_time(created_at) AS occurred_at, 'Contact created' AS touchpoint, 'Sales' AS touchpoint_group, 'created' AS what
    FROM raw
    UNION ALL
    SELECT line, occurred_at, 'Lifecycle: ' || life_stage, 'Sales', 'lifecycle:' || life_stage || ':' || epoch_ms(occurred_at) FROM lived
    UNION ALL
    SELECT line, as_time(first_form_at), concat_ws(': ', 'Form submitted', blank(first_form)), 'Web', 'form:' || epoch_ms(as_time(first_form_at))
    FROM raw
    UNION ALL
    SELECT line, as_time(last_form_at), concat_ws(': ', 'Form submitted', blank(last_form)), 'Web', 'form:' || epoch_ms(as_time(last_form_at))
    FROM raw
    WHERE as_time(last_form_at) IS DISTINCT FROM as_time(first_form_at)
    UNION ALL
    SELECT
        raw.line,
        as_time(json_extract_string(told.value, '$.timestamp')),
        'Form submitted: ' || named_or('form', json_extract_string(told.value, '$."form-id"'), json_extract_string(told.value, '$.title')),
        'Web',
        'form:' || json_extract_string(told.value, '$.timestamp')
    FROM raw, json_each(CASE WHEN json_valid(raw.forms) THEN raw.forms END) AS told
)
SELECT
    raw.line,
    CASE WHEN raw.id IS NULL THEN 'email' ELSE 'hubspot_contact' END AS identifier_kind,
    coalesce(raw.id, raw.email) AS identifier,
    happened.occurred_at,
    happened.touchpoint,
    happened.touchpoint_group,
    CASE WHEN happened.what = 'created' THEN CASE upper(replace(raw.source, ' ', '_'))
        WHEN 'ORGANIC_SEARCH' THEN 'Organic search'
        WHEN 'PAID_SEARCH' THEN 'Paid search'
        WHEN 'EMAIL_MARKETING' THEN 'Email'
        WHEN 'SOCIAL_MEDIA' THEN 'Organic social'
        WHEN 'ORGANIC_SOCIAL' THEN 'Organic social'
        WHEN 'PAID_SOCIAL' THEN 'Paid social'
        WHEN 'REFERRALS' THEN 'Referral'
        WHEN 'AI_REFERRALS' THEN 'AI assistant'
        WHEN 'DIRECT_TRAFFIC' THEN 'Direct'
    END END AS channel,
    'contact:' || coalesce(raw.id, raw.email) || ':' || happened.what AS content,
    -- A form's own table knows more of it than the contact does.
    CASE WHEN happened.what = 'created' THEN as_time(raw.version) END AS version,
    is_yes(raw.deleted) AND happened.what = 'created' AS deleted,
    CASE WHEN happened.what = 'created' THEN properties_of({'original source': raw.source}, raw.leftover) END AS properties
FROM happened
JOIN raw ON raw.line = happened.line
WHERE happened.occurred_at IS NOT NULL;

-- contact.traits: one row is one contact.
SELECT
    line,
    CASE WHEN email IS NULL THEN 'hubspot_contact' ELSE 'email' END AS identifier_kind,
    coalesce(email, id) AS identifier,
    as_time(set_at) AS set_at,
    blank(firstname) AS first_name,
    blank(lastname) AS last_name,
    blank(company) AS company,
    blank(phone) AS phone,
    blank(industry) AS industry,
    CASE
        WHEN as_number(numberofemployees) < 11 THEN '1-10'
        WHEN as_number(numberofemployees) < 51 THEN '11-50'
        WHEN as_number(numberofemployees) < 201 THEN '51-200'
        WHEN as_number(numberofemployees) < 1001 THEN '201-1000'
        WHEN as_number(numberofemployees) >= 1001 THEN 'over 1000'
        ELSE blank(numberofemployees)
    END AS company_size,
    blank(country) AS country,
    blank(city) AS city,
    blank(hs_persona) AS persona,
    blank(jobtitle) AS job_title,
    blank(lifecyclestage) AS lifecycle_stage,
    blank(lead_status) AS lead_status
FROM raw;

-- contact.links: one row is one identifier of a contact, a record merged into it, or what belongs to it.
SELECT line, 'email' AS identifier_kind, email AS identifier, 'hubspot_contact' AS other_kind, id AS other, 'same' AS tie
FROM raw
UNION ALL
SELECT line, 'email', email, 'ga_client', blank(ga_client_id), 'same' FROM raw
UNION ALL
SELECT line, 'email', email, 'user', blank(app_user_id), 'same' FROM raw
UNION ALL
SELECT raw.line, 'hubspot_contact', raw.id, 'phone', told.number, 'same'
FROM raw, (SELECT unnest([blank(raw.phone), blank(raw.mobilephone)]) AS number) AS told
UNION ALL
SELECT raw.line, 'hubspot_contact', raw.id, 'email', trim(told.address), 'same'
FROM raw, (SELECT unnest(string_split(raw.more_emails, ';')) AS address) AS told
UNION ALL
SELECT raw.line, 'hubspot_contact', raw.id, 'hubspot_contact', nullif(told.merged, ''), 'same'
FROM raw, (
    SELECT unnest(regexp_extract_all(concat_ws(';', raw.merged, regexp_replace(raw.merged_vids, ':\d+', '', 'g')), '\d+')) AS merged
) AS told
UNION ALL
SELECT raw.line, 'hubspot_contact', raw.id, 'hubspot_company', told.company, 'member'
FROM raw, (SELECT unnest(ids(raw.company_id)) AS company) AS told
UNION ALL
SELECT raw.line, 'hubspot_deal', told.deal, 'hubspot_contact', raw.id, 'part'
FROM raw, (SELECT unnest(ids(raw.deals)) AS deal) AS told
UNION ALL
SELECT raw.line, 'hubspot_ticket', told.ticket, 'hubspot_contact', raw.id, 'part'
FROM raw, (SELECT unnest(ids(raw.tickets)) AS ticket) AS told;

-- company.traits: one row is one company; its people inherit them.
SELECT
    line,
    'hubspot_company' AS identifier_kind,
    id AS identifier,
    as_time(set_at) AS set_at,
    blank(name) AS company,
    blank(industry) AS industry,
    CASE
        WHEN as_number(numberofemployees) < 11 THEN '1-10'
        WHEN as_number(numberofemployees) < 51 THEN '11-50'
        WHEN as_number(numberofemployees) < 201 THEN '51-200'
        WHEN as_number(numberofemployees) < 1001 THEN '201-1000'
        WHEN as_number(numberofemployees) >= 1001 THEN 'over 1000'
    END AS company_size,
    blank(country) AS country,
    blank(city) AS city,
    blank(lifecyclestage) AS company_stage
FROM raw;

-- company.links: one row is one person of a company, or one of its deals.
SELECT raw.line, 'hubspot_contact' AS identifier_kind, told.person AS identifier, 'hubspot_company' AS other_kind, raw.id AS other, 'member' AS tie, 0 AS rank
FROM raw, (SELECT unnest(ids(raw.people)) AS person) AS told
UNION ALL
SELECT raw.line, 'hubspot_deal', told.deal, 'hubspot_company', raw.id, 'part', 50
FROM raw, (SELECT unnest(ids(raw.deals)) AS deal) AS told;

-- deal.events: one row is a deal's creation, a stage that it entered, or its end.
WITH entered AS (
    SELECT line, stage, as_time(stage_at) AS occurred_at FROM raw WHERE stage IS NOT NULL
    UNION
    SELECT raw.line, json_extract_string(told.value, '$.value'), as_time(json_extract_string(told.value, '$.timestamp'))
    FROM raw, json_each(CASE WHEN json_valid(raw.stages) THEN raw.stages END) AS told
    UNION
    SELECT
        raw.line,
        regexp_extract(told.key, 'hs_(?:v2_)?date_entered_(.+?)(?:\.value)?$', 1),
        as_time(json_extract_string(told.value, '$'))
    FROM raw, json_each(raw.leftover) AS told
    WHERE regexp_matches(told.key, 'hs_(v2_)?date_entered_')
),
happened AS (
    SELECT line, as_time(created_at) AS occurred_at, 'Deal created' AS touchpoint, 'created' AS what FROM raw
    UNION ALL
    SELECT DISTINCT
        line,
        occurred_at,
        'Deal: ' || stage_name(stage),
        stage || ':' || epoch_ms(occurred_at)
    FROM entered
    UNION ALL
    SELECT
        line,
        as_time(closed_at),
        CASE
            WHEN is_yes(is_won) OR regexp_matches(stage, '(?i)^closed[ _]?won') THEN 'Deal won'
            WHEN is_yes(is_closed) OR regexp_matches(stage, '(?i)^closed[ _]?lost') THEN 'Deal lost'
        END,
        'closed'
    FROM raw
    WHERE created_at IS NOT NULL
)
SELECT
    raw.line,
    'hubspot_deal' AS identifier_kind,
    raw.id AS identifier,
    happened.occurred_at,
    happened.touchpoint,
    CASE WHEN happened.touchpoint = 'Deal won' THEN 'Revenue' ELSE 'Sales' END AS touchpoint_group,
    (happened.what = 'closed')::INTEGER AS after,
    CASE WHEN happened.touchpoint = 'Deal won' THEN as_number(raw.amount) END AS value,
    CASE WHEN happened.touchpoint = 'Deal won' THEN upper(blank(raw.currency)) END AS currency,
    'deal:' || raw.id || ':' || happened.what AS content,
    as_time(raw.version) AS version,
    is_yes(raw.deleted) AS deleted,
    CASE WHEN happened.what IN ('created', 'closed')
        THEN properties_of({'amount': as_number(raw.amount), 'pipeline': raw.pipeline, 'stage': raw.stage}, raw.leftover)
    END AS properties
FROM happened
JOIN raw ON raw.line = happened.line
WHERE happened.occurred_at IS NOT NULL AND happened.touchpoint IS NOT NULL;

-- deal.links: one row is one person or company that a deal belongs to; the first person comes first.
SELECT raw.line, 'hubspot_deal' AS identifier_kind, raw.id AS identifier, 'hubspot_contact' AS other_kind, told.person AS other, 'part' AS tie, told.place - 1 AS rank
FROM raw, (SELECT unnest(ids(raw.people)) AS person, generate_subscripts(ids(raw.people), 1) AS place) AS told
UNION ALL
SELECT raw.line, 'hubspot_deal', raw.id, 'hubspot_company', told.firm, 'part', 50
FROM raw, (SELECT unnest(ids(raw.firms)) AS firm) AS told;

-- deal.notes: one row is what a salesperson wrote about a deal.
SELECT
    line,
    'hubspot_deal' AS identifier_kind,
    id AS identifier,
    coalesce(
        CASE WHEN regexp_matches(stage, '(?i)^closed') THEN as_time(closed_at) END, as_time(noted_at), as_time(closed_at)
    ) AS occurred_at,
    'deal' AS kind,
    trim(regexp_replace(
        concat_ws(chr(10), dealname, blank(description), blank(lost_reason), blank(won_reason)), '<[^>]*>|&nbsp;', ' ', 'g'
    )) AS text,
    'deal:' || id AS content
FROM raw
WHERE coalesce(blank(description), blank(lost_reason), blank(won_reason)) IS NOT NULL;

-- ticket.events: one row is a ticket's opening, first answer, stage or closing.
WITH happened AS (
    SELECT line, as_time(created_at) AS occurred_at, 'Ticket opened' AS touchpoint, 'opened' AS what FROM raw
    UNION ALL
    SELECT line, as_time(answered_at), 'Ticket answered', 'answered' FROM raw
    UNION ALL
    SELECT line, as_time(closed_at), 'Ticket closed', 'closed' FROM raw
    UNION ALL
    SELECT DISTINCT line, occurred_at, 'Ticket: ' || named('stage', stage), stage || ':' || epoch_ms(occurred_at)
    FROM (
        SELECT line, stage, as_time(stage_at) AS occurred_at FROM raw
        UNION
        SELECT raw.line, json_extract_string(told.value, '$.value'), as_time(json_extract_string(told.value, '$.timestamp'))
        FROM raw, json_each(CASE WHEN json_valid(raw.stages) THEN raw.stages END) AS told
    )
)
SELECT
    raw.line,
    'hubspot_ticket' AS identifier_kind,
    raw.id AS identifier,
    happened.occurred_at,
    happened.touchpoint,
    'Support' AS touchpoint_group,
    'ticket:' || raw.id || ':' || happened.what AS content,
    as_time(raw.version) AS version,
    is_yes(raw.deleted) AS deleted,
    CASE WHEN happened.what = 'opened'
        THEN properties_of({'category': raw.category, 'priority': raw.priority, 'stage': raw.stage}, raw.leftover)
    END AS properties
FROM happened
JOIN raw ON raw.line = happened.line
WHERE happened.occurred_at IS NOT NULL AND happened.touchpoint IS NOT NULL;

-- ticket.notes: one row is what a customer wrote.
SELECT
    line,
    'hubspot_ticket' AS identifier_kind,
    id AS identifier,
    as_time(created_at) AS occurred_at,
    'ticket' AS kind,
    trim(regexp_replace(concat_ws(chr(10), blank(subject), blank(content)), '<[^>]*>|&nbsp;', ' ', 'g')) AS text,
    'ticket:' || id AS content,
    as_time(version) AS version
FROM raw
WHERE coalesce(blank(subject), blank(content)) IS NOT NULL;

-- ticket.links: one row is one person, deal or company that a ticket belongs to.
SELECT raw.line, 'hubspot_ticket' AS identifier_kind, raw.id AS identifier, 'hubspot_contact' AS other_kind, told.person AS other, 'part' AS tie, told.place - 1 AS rank
FROM raw, (SELECT unnest(ids(raw.people)) AS person, generate_subscripts(ids(raw.people), 1) AS place) AS told
UNION ALL
SELECT raw.line, 'hubspot_ticket', raw.id, 'hubspot_deal', told.deal, 'part', 20
FROM raw, (SELECT unnest(ids(raw.deals)) AS deal) AS told
UNION ALL
SELECT raw.line, 'hubspot_ticket', raw.id, 'hubspot_company', told.firm, 'part', 50
FROM raw, (SELECT unnest(ids(raw.firms)) AS firm) AS told;

-- engagement.events: one row is one call, meeting, e-mail, message or task of a salesperson.
WITH told AS (
    SELECT *, upper(coalesce(type, /* type */ NULL)) AS what FROM raw
)
SELECT
    line,
    'hubspot_engagement' AS identifier_kind,
    id AS identifier,
    as_time(occurred_at) AS occurred_at,
    CASE
        WHEN what IN ('INCOMING_EMAIL', 'FORWARDED_EMAIL') OR upper(direction) IN ('INCOMING_EMAIL', 'FORWARDED_EMAIL')
            THEN 'Sales email received'
        WHEN what = 'EMAIL' THEN 'Sales email sent'
        WHEN what = 'CALL' THEN 'Sales call'
        WHEN what = 'MEETING' AND upper(replace(outcome, ' ', '_')) = 'NO_SHOW' THEN 'Meeting missed'
        WHEN what = 'MEETING' AND upper(outcome) IN ('CANCELED', 'CANCELLED') THEN 'Meeting cancelled'
        WHEN what = 'MEETING' THEN 'Meeting'
        WHEN what = 'TASK' THEN 'Sales task'
        WHEN what = 'COMMUNICATION' THEN 'Sales message' || coalesce(': ' || titled(lower(way)), '')
        ELSE coalesce(titled(lower(what)), 'Sales activity')
    END AS touchpoint,
    'Sales' AS touchpoint_group,
    CASE
        WHEN what = 'EMAIL' AND coalesce(upper(direction), '') NOT IN ('INCOMING_EMAIL', 'FORWARDED_EMAIL') THEN 'exposure'
        WHEN what IN ('TASK', 'COMMUNICATION', 'POSTAL_MAIL', 'NOTE') THEN 'exposure'
        ELSE 'action'
    END AS kind,
    'engagement:' || id AS content,
    as_time(version) AS version,
    is_yes(deleted) AS deleted,
    properties_of({'outcome': outcome, 'direction': direction}, leftover) AS properties
FROM told
WHERE what IS DISTINCT FROM 'NOTE' AND as_time(occurred_at) IS NOT NULL;

-- engagement.details: one row is one engagement that is told without its time.
SELECT
    line,
    'engagement:' || id AS content,
    properties_of({'type': lower(coalesce(type, /* type */ NULL))}, leftover) AS properties
FROM raw
WHERE occurred_at IS NULL;

-- engagement.notes: one row is what was written about a customer, or by one.
SELECT
    line,
    'hubspot_engagement' AS identifier_kind,
    id AS identifier,
    as_time(occurred_at) AS occurred_at,
    CASE upper(coalesce(type, /* type */ NULL))
        WHEN 'INCOMING_EMAIL' THEN 'email'
        WHEN 'FORWARDED_EMAIL' THEN 'email'
        ELSE lower(coalesce(type, /* type */ NULL))
    END AS kind,
    trim(regexp_replace(text, '<[^>]*>|&nbsp;', ' ', 'g')) AS text,
    'engagement:' || id AS content,
    as_time(version) AS version
FROM raw
WHERE blank(text) IS NOT NULL AND NOT is_yes(deleted)
    -- What the company itself writes says nothing of the customer.
    AND (
        upper(coalesce(type, /* type */ NULL)) IN ('NOTE', 'CALL', 'MEETING', 'INCOMING_EMAIL', 'FORWARDED_EMAIL')
        OR upper(direction) IN ('INCOMING_EMAIL', 'FORWARDED_EMAIL')
    );

-- engagement.links: one row is one person, ticket, deal or company that an engagement is about.
SELECT raw.line, 'hubspot_engagement' AS identifier_kind, raw.id AS identifier, 'hubspot_contact' AS other_kind, told.person AS other, 'part' AS tie, told.place - 1 AS rank
FROM raw, (SELECT unnest(ids(raw.people)) AS person, generate_subscripts(ids(raw.people), 1) AS place) AS told
UNION ALL
SELECT raw.line, 'hubspot_engagement', raw.id, 'hubspot_ticket', told.ticket, 'part', 10
FROM raw, (SELECT unnest(ids(raw.tickets)) AS ticket) AS told
UNION ALL
SELECT raw.line, 'hubspot_engagement', raw.id, 'hubspot_deal', told.deal, 'part', 20
FROM raw, (SELECT unnest(ids(raw.deals)) AS deal) AS told
UNION ALL
SELECT raw.line, 'hubspot_engagement', raw.id, 'hubspot_company', told.firm, 'part', 50
FROM raw, (SELECT unnest(ids(raw.firms)) AS firm) AS told;

-- email_event.events: one row is one thing that happened to one e-mail.
SELECT
    line,
    'email' AS identifier_kind,
    recipient AS identifier,
    as_time(created) AS occurred_at,
    concat_ws(': ', CASE upper(type)
        WHEN 'OPEN' THEN 'Email opened'
        WHEN 'CLICK' THEN 'Email clicked'
        WHEN 'BOUNCE' THEN 'Email bounced'
        WHEN 'FORWARD' THEN 'Email forwarded'
        WHEN 'PRINT' THEN 'Email printed'
        WHEN 'SPAMREPORT' THEN 'Email marked as spam'
        WHEN 'STATUSCHANGE' THEN CASE upper(status)
            WHEN 'UNSUBSCRIBED' THEN 'Email unsubscribed'
            WHEN 'SUBSCRIBED' THEN 'Email subscribed'
            ELSE 'Email subscription changed'
        END
        ELSE 'Email ' || lower(replace(type, '_', ' '))
    END, named('campaign', campaign)) AS touchpoint,
    'Email' AS touchpoint_group,
    CASE WHEN upper(type) IN ('SENT', 'DELIVERED', 'PROCESSED', 'BOUNCE', 'UNBOUNCE', 'DEFERRED', 'DROPPED', 'SUPPRESSED')
        THEN 'exposure' ELSE 'action' END AS kind,
    'Email' AS channel,
    named('campaign', campaign) AS campaign,
    'email:' || id AS content,
    properties_of({
        'url': regexp_extract(url, '^[^?#]*'), 'device': device, 'browser': browser, 'reason': reason, 'subscription': status,
        'reply code': nullif(regexp_extract(response, '^\d{3}'), ''), 'subject': subject, 'duration': as_number(duration)
    }, leftover) AS properties,
    CASE WHEN is_yes(filtered) THEN 'filtered_event' END AS field,
    CASE WHEN is_yes(filtered) THEN 'HubSpot filters this event out: a machine or your own people' END AS reason
FROM raw;

-- email_event_detail.details: one row says more about one e-mail event.
SELECT
    line,
    'email:' || id AS content,
    properties_of({
        'url': regexp_extract(url, '^[^?#]*'), 'device': device, 'browser': browser, 'reason': reason, 'subscription': status,
        'reply code': nullif(regexp_extract(response, '^\d{3}'), ''), 'subject': subject, 'duration': as_number(duration),
        'attempt': as_number(attempt)
    }, leftover) AS properties
FROM raw;

-- email_event_spam_report.details: one row is one e-mail that its reader marked as spam.
SELECT line, 'email:' || id AS content, properties_of({'reported': 'spam'}, leftover) AS properties FROM raw;

-- subscription_change.events: one row is one change of what somebody is subscribed to.
SELECT
    raw.line,
    'email' AS identifier_kind,
    raw.recipient AS identifier,
    as_time(coalesce(json_extract_string(told.value, '$.timestamp'), raw.timestamp)) AS occurred_at,
    CASE upper(json_extract_string(told.value, '$.change'))
        WHEN 'UNSUBSCRIBED' THEN 'Email unsubscribed'
        WHEN 'SUBSCRIBED' THEN 'Email subscribed'
        WHEN 'BOUNCED' THEN 'Email bounced'
        WHEN 'REPORTED_SPAM' THEN 'Email marked as spam'
        ELSE 'Email subscription changed'
    END AS touchpoint,
    'Email' AS touchpoint_group,
    CASE WHEN json_extract_string(told.value, '$.change') = 'BOUNCED' THEN 'exposure' ELSE 'action' END AS kind,
    'Email' AS channel,
    -- One that an e-mail event caused is that event.
    'email:' || coalesce(
        json_extract_string(told.value, '$.causedByEvent.id'),
        concat_ws(':', raw.recipient, raw.timestamp, json_extract_string(told.value, '$.change'), json_extract_string(told.value, '$.subscriptionId'))
    ) AS content,
    properties_of({'source': json_extract_string(told.value, '$.source')}, raw.leftover) AS properties
FROM raw, json_each(CASE WHEN json_valid(raw.changes) THEN raw.changes END) AS told;

-- email_campaign.names: one row is one sending of one e-mail.
SELECT line, 'campaign' AS entity, id AS key, coalesce(blank(name), blank(subject), "appName") AS label, as_time(version) AS version
FROM raw;

-- marketing_email.names: one row is one e-mail as it was written.
SELECT line, 'email' AS entity, id AS key, coalesce(blank(name), subject) AS label, as_time(version) AS version FROM raw;

-- form_submission.events: one row is one form that a contact sent.
SELECT
    line,
    'hubspot_contact' AS identifier_kind,
    contact_id AS identifier,
    as_time(timestamp) AS occurred_at,
    'Form submitted: ' || named_or('form', form_id, title) AS touchpoint,
    'Web' AS touchpoint_group,
    origin_of(NULL, NULL, NULL, NULL, page_url) AS origin,
    'contact:' || contact_id || ':form:' || epoch_ms(as_time(timestamp)) AS content,
    coalesce(as_time(version), as_time(timestamp)) AS version,
    properties_of({'page': page_of(page_url)}, leftover) AS properties
FROM raw;

-- form_answer.events: one row is one form that somebody sent, with its answers.
WITH told AS (
    SELECT *, CASE WHEN json_valid("values") THEN json_extract("values", '$[*]') END AS answers FROM raw
)
SELECT
    line,
    'email' AS identifier_kind,
    json_extract_string(list_filter(answers, lambda one: lower(json_extract_string(one, '$.name')) = 'email')[1], '$.value') AS identifier,
    as_time("submittedAt") AS occurred_at,
    concat_ws(': ', 'Form submitted', coalesce(named('form', "formId"), blank("pageName"), page_of("pageUrl"))) AS touchpoint,
    'Web' AS touchpoint_group,
    origin_of(NULL, NULL, NULL, NULL, "pageUrl") AS origin,
    'form:' || "conversionId" AS content,
    properties_of({'page': page_of("pageUrl")}, leftover) AS properties
FROM told;

-- form_answer.links: one row is one identifier in a form's answers.
WITH told AS (
    SELECT line, CASE WHEN json_valid("values") THEN json_extract("values", '$[*]') END AS answers FROM raw
)
SELECT
    line,
    'email' AS identifier_kind,
    json_extract_string(list_filter(answers, lambda one: lower(json_extract_string(one, '$.name')) = 'email')[1], '$.value') AS identifier,
    'phone' AS other_kind,
    json_extract_string(list_filter(answers, lambda one: lower(json_extract_string(one, '$.name')) IN ('phone', 'mobilephone'))[1], '$.value') AS other
FROM told;

-- form_answer.notes: one row is what somebody wrote into a form.
WITH told AS (
    SELECT line, "submittedAt", unnest(CASE WHEN json_valid("values") THEN json_extract("values", '$[*]') END) AS answer,
        CASE WHEN json_valid("values") THEN json_extract("values", '$[*]') END AS answers
    FROM raw
)
SELECT
    line,
    'email' AS identifier_kind,
    json_extract_string(list_filter(answers, lambda one: lower(json_extract_string(one, '$.name')) = 'email')[1], '$.value') AS identifier,
    as_time("submittedAt") AS occurred_at,
    'form' AS kind,
    json_extract_string(answer, '$.value') AS text
FROM told
WHERE regexp_matches(lower(json_extract_string(answer, '$.name')), 'message|comment|question|feedback|reason|how_can_we|tell_us');

-- form_export.events: one row is one form that somebody sent.
SELECT
    line,
    'email' AS identifier_kind,
    "Email" AS identifier,
    as_time("Conversion Date") AS occurred_at,
    concat_ws(': ', 'Form submitted', coalesce(blank("Conversion Title"), page_of("Conversion Page"))) AS touchpoint,
    'Web' AS touchpoint_group,
    origin_of(NULL, NULL, NULL, NULL, "Conversion Page") AS origin,
    properties_of({'page': page_of("Conversion Page")}, leftover) AS properties
FROM raw;

-- form_export.notes: one row is what somebody wrote into a form.
SELECT line, 'email' AS identifier_kind, "Email" AS identifier, as_time("Conversion Date") AS occurred_at, 'form' AS kind, "Message" AS text
FROM raw
WHERE blank("Message") IS NOT NULL;

-- form.names: one row is one form.
SELECT line, 'form' AS entity, id AS key, name AS label, as_time(version) AS version FROM raw;

-- list.names: one row is one list.
SELECT line, 'list' AS entity, "listId" AS key, name AS label, as_time(version) AS version FROM raw;

-- list_member.events: one row is one contact on one list. Who left it had come all the same.
SELECT
    line,
    'hubspot_contact' AS identifier_kind,
    contact_id AS identifier,
    as_time(added_at) AS occurred_at,
    concat_ws(': ', 'Added to list', named('list', contact_list_id)) AS touchpoint,
    'Email' AS touchpoint_group,
    'exposure' AS kind,
    'list:' || contact_id || ':' || coalesce(contact_list_id, '') || ':' || epoch_ms(as_time(added_at)) AS content,
    as_time(version) AS version,
    CASE WHEN is_yes(removed) THEN properties_of({'left since': 'yes'}, leftover) ELSE leftover END AS properties
FROM raw;

-- contact_merge.links: one row is one contact that became another.
SELECT line, 'hubspot_contact' AS identifier_kind, vid_to_merge AS identifier, 'hubspot_contact' AS other_kind, canonical_vid AS other
FROM raw;

-- contact_property_history.events: one row is one stage of a contact's life.
SELECT
    line,
    'hubspot_contact' AS identifier_kind,
    id AS identifier,
    as_time(changed_at) AS occurred_at,
    'Lifecycle: ' || life_stage(value) AS touchpoint,
    'Sales' AS touchpoint_group,
    concat_ws(':', 'contact', id, 'lifecycle', life_stage(value), epoch_ms(as_time(changed_at))) AS content,
    leftover AS properties
FROM raw
WHERE property = 'lifecyclestage' AND blank(value) IS NOT NULL;

-- contact_property_history.traits: one row is one value that a property of a contact had.
SELECT
    line,
    'hubspot_contact' AS identifier_kind,
    id AS identifier,
    as_time(changed_at) AS set_at,
    CASE property
        WHEN 'firstname' THEN 'first_name'
        WHEN 'lastname' THEN 'last_name'
        WHEN 'jobtitle' THEN 'job_title'
        WHEN 'hs_persona' THEN 'persona'
        WHEN 'lifecyclestage' THEN 'lifecycle_stage'
        WHEN 'hs_lead_status' THEN 'lead_status'
        ELSE property
    END AS name,
    value
FROM raw
WHERE property IN (
    'firstname', 'lastname', 'jobtitle', 'hs_persona', 'lifecyclestage', 'hs_lead_status', 'company', 'industry', 'country',
    'city', 'phone', 'plan'
);

-- contact_property_history.links: one row is one address that a contact had.
SELECT line, 'hubspot_contact' AS identifier_kind, id AS identifier, 'email' AS other_kind, value AS other
FROM raw
WHERE property = 'email';

-- company_property_history.traits: one row is one value that a property of a company had.
SELECT
    line,
    'hubspot_company' AS identifier_kind,
    id AS identifier,
    as_time(changed_at) AS set_at,
    CASE property WHEN 'name' THEN 'company' WHEN 'lifecyclestage' THEN 'company_stage' ELSE property END AS name,
    value
FROM raw
WHERE property IN ('name', 'industry', 'country', 'city', 'lifecyclestage', 'plan');

-- deal_property_history.events: one row is one stage that a deal entered.
SELECT
    line,
    'hubspot_deal' AS identifier_kind,
    id AS identifier,
    as_time(changed_at) AS occurred_at,
    'Deal: ' || stage_name(value) AS touchpoint,
    'Sales' AS touchpoint_group,
    concat_ws(':', 'deal', id, value, epoch_ms(as_time(changed_at))) AS content
FROM raw
WHERE property = 'dealstage' AND blank(value) IS NOT NULL;

-- ticket_property_history.events: one row is one stage that a ticket entered.
SELECT
    line,
    'hubspot_ticket' AS identifier_kind,
    id AS identifier,
    as_time(changed_at) AS occurred_at,
    'Ticket: ' || named('stage', value) AS touchpoint,
    'Support' AS touchpoint_group,
    concat_ws(':', 'ticket', id, value, epoch_ms(as_time(changed_at))) AS content
FROM raw
WHERE property = 'hs_pipeline_stage' AND blank(value) IS NOT NULL;

-- deal_stage.events: one row is one stage that a deal entered.
SELECT
    line,
    'hubspot_deal' AS identifier_kind,
    deal_id AS identifier,
    as_time(changed_at) AS occurred_at,
    'Deal: ' || stage_name(value) AS touchpoint,
    'Sales' AS touchpoint_group,
    concat_ws(':', 'deal', deal_id, value, epoch_ms(as_time(changed_at))) AS content,
    as_time(version) AS version,
    leftover AS properties
FROM raw;

-- pipeline.names: one row is one pipeline, or one of its stages.
SELECT line, 'pipeline' AS entity, id AS key, label, as_time(version) AS version FROM raw
UNION ALL
SELECT raw.line, 'stage', json_extract_string(told.value, '$.id'), json_extract_string(told.value, '$.label'), as_time(raw.version)
FROM raw, json_each(CASE WHEN json_valid(raw.stages) THEN raw.stages END) AS told;

-- pipeline_stage.names: one row is one stage of a pipeline.
SELECT line, 'stage' AS entity, stage_id AS key, label, as_time(version) AS version FROM raw;

-- deal_contact.links: one row is one person of a deal.
SELECT line, 'hubspot_deal' AS identifier_kind, deal_id AS identifier, 'hubspot_contact' AS other_kind, contact_id AS other, 'part' AS tie
FROM raw;

-- deal_company.links: one row is one company of a deal.
SELECT line, 'hubspot_deal' AS identifier_kind, deal_id AS identifier, 'hubspot_company' AS other_kind, company_id AS other, 'part' AS tie, 50 AS rank
FROM raw;

-- ticket_contact.links: one row is one person of a ticket.
SELECT line, 'hubspot_ticket' AS identifier_kind, ticket_id AS identifier, 'hubspot_contact' AS other_kind, contact_id AS other, 'part' AS tie
FROM raw;

-- ticket_company.links: one row is one company of a ticket.
SELECT line, 'hubspot_ticket' AS identifier_kind, ticket_id AS identifier, 'hubspot_company' AS other_kind, company_id AS other, 'part' AS tie, 50 AS rank
FROM raw;

-- ticket_deal.links: one row is one deal of a ticket.
SELECT line, 'hubspot_ticket' AS identifier_kind, ticket_id AS identifier, 'hubspot_deal' AS other_kind, deal_id AS other, 'part' AS tie, 20 AS rank
FROM raw;

-- ticket_engagement.links: one row is one engagement about a ticket.
SELECT line, 'hubspot_engagement' AS identifier_kind, engagement_id AS identifier, 'hubspot_ticket' AS other_kind, ticket_id AS other, 'part' AS tie, 10 AS rank
FROM raw;

-- engagement_contact.links: one row is one person that an engagement is about.
SELECT line, 'hubspot_engagement' AS identifier_kind, engagement_id AS identifier, 'hubspot_contact' AS other_kind, contact_id AS other, 'part' AS tie
FROM raw;

-- engagement_company.links: one row is one company that an engagement is about.
SELECT line, 'hubspot_engagement' AS identifier_kind, engagement_id AS identifier, 'hubspot_company' AS other_kind, company_id AS other, 'part' AS tie, 50 AS rank
FROM raw;

-- engagement_deal.links: one row is one deal that an engagement is about.
SELECT line, 'hubspot_engagement' AS identifier_kind, engagement_id AS identifier, 'hubspot_deal' AS other_kind, deal_id AS other, 'part' AS tie, 20 AS rank
FROM raw;

-- merged_deal.links: one row is one deal that became another.
SELECT line, 'hubspot_deal' AS identifier_kind, merged_deal_id AS identifier, 'hubspot_deal' AS other_kind, deal_id AS other
FROM raw;

-- association.links: one row is one record with those that it is tied to, told by HubSpot's own type or its number.
WITH told AS (
    SELECT
        raw.line,
        raw."from.id" AS here,
        coalesce(json_extract_string(one.value, '$.id'), json_extract_string(one.value, '$.toObjectId')) AS there,
        coalesce(
            regexp_replace(
                regexp_extract(json_extract_string(one.value, '$.type'), '^[a-z]+_to_[a-z]+'),
                '(^|_)(call|email|meeting|note|task|communication)($|_)', '\1engagement\3'
            ),
            list_filter(
                list_transform(json_extract_string(one.value, '$.associationTypes[*].typeId'), lambda number: CASE
                    WHEN number IN ('1', '279') THEN 'contact_to_company'
                    WHEN number IN ('2', '280') THEN 'company_to_contact'
                    WHEN number = '3' THEN 'deal_to_contact' WHEN number = '4' THEN 'contact_to_deal'
                    WHEN number IN ('5', '341') THEN 'deal_to_company'
                    WHEN number = '15' THEN 'contact_to_ticket' WHEN number = '16' THEN 'ticket_to_contact'
                    WHEN number IN ('81', '194', '198', '200', '202', '204') THEN 'engagement_to_contact'
                    WHEN number IN ('82', '193', '197', '199', '201', '203') THEN 'contact_to_engagement'
                END),
                lambda known: known IS NOT NULL
            )[1]
        ) AS way
    FROM raw, json_each(CASE WHEN json_valid(raw."to") THEN raw."to" END) AS one
)
SELECT
    line,
    CASE
        WHEN contains(way, 'deal') AND contains(way, 'contact') THEN 'hubspot_deal'
        WHEN contains(way, 'ticket') AND contains(way, 'contact') THEN 'hubspot_ticket'
        WHEN contains(way, 'engagement') THEN 'hubspot_engagement'
        WHEN contains(way, 'deal') AND contains(way, 'company') THEN 'hubspot_deal'
        WHEN contains(way, 'contact') AND contains(way, 'company') THEN 'hubspot_contact'
    END AS identifier_kind,
    CASE WHEN regexp_matches(way, '^(contact_to_(deal|ticket|engagement)|company_to_)') THEN there ELSE here END AS identifier,
    CASE WHEN contains(way, 'company') THEN 'hubspot_company' ELSE 'hubspot_contact' END AS other_kind,
    CASE WHEN regexp_matches(way, '^(contact_to_(deal|ticket|engagement)|company_to_)') THEN here ELSE there END AS other,
    CASE WHEN contains(way, 'contact') AND contains(way, 'company') THEN 'member' ELSE 'part' END AS tie,
    CASE WHEN contains(way, 'contact') THEN 0 ELSE 50 END AS rank
FROM told
WHERE regexp_matches(way, '^(deal_to_contact|contact_to_deal|ticket_to_contact|contact_to_ticket|engagement_to_contact|contact_to_engagement|deal_to_company|company_to_deal|contact_to_company|company_to_contact)$');

-- event.events: one row is one thing that a contact did, on the site or elsewhere.
SELECT
    line,
    'hubspot_' || lower("objectType") AS identifier_kind,
    "objectId" AS identifier,
    as_time("occurredAt") AS occurred_at,
    CASE
        WHEN "eventType" = 'e_visited_page' THEN concat_ws(': ', 'Viewed page', page_of(hs_url))
        WHEN "eventType" = 'e_submitted_form' THEN concat_ws(': ', 'Form submitted', named('form', hs_form_id))
        ELSE titled(regexp_replace("eventType", '^(e|pe\d+)_', ''))
    END AS touchpoint,
    CASE WHEN regexp_matches("eventType", 'email|mta_') THEN 'Email' ELSE 'Web' END AS touchpoint_group,
    CASE WHEN regexp_matches("eventType", 'sent_email|delivered_email|mta_(sent|delivered|bounced|dropped|deferred)') THEN 'exposure' ELSE 'action' END AS kind,
    origin_of(hs_utm_source, hs_utm_medium, hs_utm_campaign, hs_referrer, hs_url) AS origin,
    'event:' || id AS content,
    properties_of({'page': page_of(hs_url)}, leftover) AS properties
FROM raw;

-- webhook.events: one row is one change that HubSpot called about.
SELECT
    line,
    CASE split_part("subscriptionType", '.', 1)
        WHEN 'object' THEN 'hubspot_object' ELSE 'hubspot_' || lower(split_part("subscriptionType", '.', 1))
    END AS identifier_kind,
    "objectId" AS identifier,
    as_time("occurredAt") AS occurred_at,
    CASE
        WHEN "propertyName" = 'dealstage' THEN 'Deal: ' || stage_name("propertyValue")
        WHEN "propertyName" = 'hs_pipeline_stage' THEN 'Ticket: ' || named('stage', "propertyValue")
        WHEN "propertyName" = 'lifecyclestage' THEN 'Lifecycle: ' || life_stage("propertyValue")
        WHEN "subscriptionType" = 'ticket.creation' THEN 'Ticket opened'
        WHEN suffix("subscriptionType", '.creation') THEN titled(split_part("subscriptionType", '.', 1)) || ' created'
    END AS touchpoint,
    CASE WHEN starts_with("subscriptionType", 'ticket') THEN 'Support' ELSE 'Sales' END AS touchpoint_group,
    CASE
        WHEN "propertyName" IN ('dealstage', 'hs_pipeline_stage')
            THEN concat_ws(':', split_part("subscriptionType", '.', 1), "objectId", "propertyValue", epoch_ms(as_time("occurredAt")))
        WHEN "subscriptionType" IN ('contact.creation', 'deal.creation')
            THEN concat_ws(':', split_part("subscriptionType", '.', 1), "objectId", 'created')
        WHEN "subscriptionType" = 'ticket.creation' THEN concat_ws(':', 'ticket', "objectId", 'opened')
        ELSE 'webhook:' || "eventId"
    END AS content
FROM raw
WHERE suffix("subscriptionType", '.creation') OR "propertyName" IN ('dealstage', 'hs_pipeline_stage', 'lifecyclestage');
