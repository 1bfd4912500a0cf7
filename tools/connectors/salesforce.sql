-- lead.events: one row is a lead's creation or conversion.
WITH happened AS (
    SELECT line, moment(created_date) AS occurred_at, 'Lead created' AS touchpoint, 'created' AS what FROM raw
    UNION ALL
    SELECT line, greatest(moment(converted_date), moment(created_date)), 'Lead converted', 'converted'
    FROM raw
    WHERE moment(converted_date) IS NOT NULL
)
SELECT
    raw.line,
    CASE WHEN raw.id IS NULL THEN 'email' ELSE 'salesforce_lead' END AS identifier_kind,
    coalesce(raw.id, raw.email) AS identifier,
    happened.occurred_at,
    happened.touchpoint,
    'Sales' AS touchpoint_group,
    CASE WHEN happened.what = 'created' THEN origin_of(raw.utm_source, raw.utm_medium, raw.utm_campaign, NULL, NULL) END AS origin,
    'lead:' || coalesce(short(raw.id), raw.email) || ':' || happened.what AS content,
    as_time(raw.version) AS version,
    is_yes(raw.deleted) AS deleted,
    CASE WHEN happened.what = 'created'
        THEN properties_of({'status': raw.status, 'lead source': raw.lead_source}, raw.leftover) END AS properties
FROM happened
JOIN raw ON raw.line = happened.line
WHERE happened.occurred_at IS NOT NULL;

-- lead.traits: one row is one lead.
SELECT
    line,
    CASE WHEN id IS NULL THEN 'email' ELSE 'salesforce_lead' END AS identifier_kind,
    coalesce(id, email) AS identifier,
    moment(set_at) AS set_at,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank(phone) AS phone,
    blank(title) AS job_title,
    blank(company) AS company,
    blank(industry) AS industry,
    CASE
        WHEN as_number(number_of_employees) < 11 THEN '1-10'
        WHEN as_number(number_of_employees) < 51 THEN '11-50'
        WHEN as_number(number_of_employees) < 201 THEN '51-200'
        WHEN as_number(number_of_employees) < 1001 THEN '201-1000'
        WHEN as_number(number_of_employees) >= 1001 THEN 'over 1000'
    END AS company_size,
    blank(country) AS country,
    blank(city) AS city,
    blank(status) AS lead_status,
    blank(lead_source) AS lead_source
FROM raw;

-- lead.links: one row is one identifier of a lead, or what it became.
SELECT line, 'salesforce_lead' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other, 'same' AS tie FROM raw
UNION ALL
SELECT raw.line, 'salesforce_lead', raw.id, 'phone', told.number, 'same'
FROM raw, (SELECT unnest([blank(raw.phone), blank(raw.mobile_phone)]) AS number) AS told
UNION ALL
SELECT line, 'salesforce_lead', id, 'salesforce_contact', converted_contact_id, 'same' FROM raw
UNION ALL
SELECT line, 'salesforce_lead', id, 'salesforce_lead', master_record_id, 'same' FROM raw
UNION ALL
SELECT line, 'salesforce_lead', id, 'salesforce_account', converted_account_id, 'member' FROM raw
UNION ALL
SELECT line, 'salesforce_opportunity', converted_opportunity_id, 'salesforce_lead', id, 'part' FROM raw;

-- contact.traits: one row is one contact.
SELECT
    line,
    CASE WHEN id IS NULL THEN 'email' ELSE 'salesforce_contact' END AS identifier_kind,
    coalesce(id, email) AS identifier,
    moment(set_at) AS set_at,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank(phone) AS phone,
    blank(title) AS job_title,
    blank(account_name) AS company,
    blank(mailing_country) AS country,
    blank(mailing_city) AS city
FROM raw;

-- contact.links: one row is one identifier of a contact, or the account that it is with.
SELECT line, 'salesforce_contact' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other, 'same' AS tie FROM raw
UNION ALL
SELECT raw.line, 'salesforce_contact', raw.id, 'phone', told.number, 'same'
FROM raw, (SELECT unnest([blank(raw.phone), blank(raw.mobile_phone)]) AS number) AS told
UNION ALL
SELECT line, 'salesforce_contact', id, 'salesforce_contact', master_record_id, 'same' FROM raw
UNION ALL
SELECT line, 'salesforce_contact', id, 'salesforce_account', account_id, 'member' FROM raw;

-- account.traits: one row is one account, or one of its states; its people inherit them.
SELECT
    line,
    'salesforce_account' AS identifier_kind,
    id AS identifier,
    moment(set_at) AS set_at,
    blank(name) AS company,
    blank(industry) AS industry,
    CASE
        WHEN as_number(number_of_employees) < 11 THEN '1-10'
        WHEN as_number(number_of_employees) < 51 THEN '11-50'
        WHEN as_number(number_of_employees) < 201 THEN '51-200'
        WHEN as_number(number_of_employees) < 1001 THEN '201-1000'
        WHEN as_number(number_of_employees) >= 1001 THEN 'over 1000'
    END AS company_size,
    blank(billing_country) AS country,
    blank(billing_city) AS city,
    blank(type) AS account_type
FROM raw;

-- account.links: one row is one account that became another.
SELECT line, 'salesforce_account' AS identifier_kind, id AS identifier, 'salesforce_account' AS other_kind, master_record_id AS other
FROM raw;

-- opportunity.events: one row is a deal's creation, the stage it is in since a known time, or its end.
WITH happened AS (
    SELECT line, moment(created_date) AS occurred_at, 'Deal created' AS touchpoint, 'created' AS what FROM raw
    UNION ALL
    SELECT line, moment(last_stage_change_date), 'Deal: ' || stage_name, stage_name || ':' || epoch(moment(last_stage_change_date))::BIGINT
    FROM raw
    UNION ALL
    SELECT
        line,
        -- A close date has no hour: the deal was not closed before it was there.
        coalesce(moment(last_stage_change_date), greatest(moment(close_date), moment(created_date)), moment(close_date)),
        CASE WHEN is_yes(is_won) OR regexp_full_match(stage_name, '(?i)closed[ -]?won') THEN 'Deal won' ELSE 'Deal lost' END,
        'closed'
    FROM raw
    WHERE is_yes(is_closed) OR is_yes(is_won) OR regexp_full_match(stage_name, '(?i)closed[ -]?(won|lost)')
)
SELECT
    raw.line,
    'salesforce_opportunity' AS identifier_kind,
    raw.id AS identifier,
    happened.occurred_at,
    happened.touchpoint,
    CASE WHEN happened.touchpoint = 'Deal won' THEN 'Revenue' ELSE 'Sales' END AS touchpoint_group,
    (happened.what = 'closed')::INTEGER AS after,
    CASE WHEN happened.what = 'created' THEN origin_of(raw.utm_source, raw.utm_medium, raw.utm_campaign, NULL, NULL) END AS origin,
    CASE WHEN happened.touchpoint = 'Deal won' THEN as_number(regexp_replace(raw.amount, '[^0-9.,-]', '', 'g')) END AS value,
    CASE WHEN happened.touchpoint = 'Deal won' THEN upper(blank(raw.currency_iso_code)) END AS currency,
    'deal:' || short(raw.id) || ':' || happened.what AS content,
    as_time(raw.version) AS version,
    is_yes(raw.deleted) AS deleted,
    CASE WHEN happened.what IN ('created', 'closed') THEN properties_of({'stage': raw.stage_name}, raw.leftover) END AS properties
FROM happened
JOIN raw ON raw.line = happened.line
WHERE happened.occurred_at IS NOT NULL AND happened.touchpoint IS NOT NULL;

-- opportunity.links: one row is the person or the account that a deal belongs to.
SELECT line, 'salesforce_opportunity' AS identifier_kind, id AS identifier, 'salesforce_contact' AS other_kind, contact_id AS other, 'part' AS tie, 0 AS rank
FROM raw
UNION ALL
SELECT line, 'salesforce_opportunity', id, 'salesforce_account', account_id, 'part', 50 FROM raw;

-- opportunity.notes: one row is what a salesperson wrote about a deal.
SELECT
    line,
    'salesforce_opportunity' AS identifier_kind,
    id AS identifier,
    coalesce(CASE WHEN is_yes(is_closed) THEN moment(last_stage_change_date) END, moment(created_date)) AS occurred_at,
    'deal' AS kind,
    trim(regexp_replace(concat_ws(chr(10), blank(description), blank(loss_reason), blank(next_step)), '<[^>]*>|&nbsp;', ' ', 'g')) AS text,
    'deal:' || short(id) AS content,
    as_time(version) AS version
FROM raw
WHERE coalesce(blank(description), blank(loss_reason), blank(next_step)) IS NOT NULL AND NOT is_yes(deleted);

-- opportunity_history.events: one row is one stage that a deal entered; states between are told by their first.
WITH told AS (
    SELECT *, lag(stage_name) OVER (PARTITION BY id ORDER BY moment(changed_at), line) AS before FROM raw
)
SELECT
    line,
    'salesforce_opportunity' AS identifier_kind,
    id AS identifier,
    moment(changed_at) AS occurred_at,
    'Deal: ' || stage_name AS touchpoint,
    'Sales' AS touchpoint_group,
    'deal:' || short(id) || ':' || stage_name || ':' || epoch(moment(changed_at))::BIGINT AS content,
    as_time(version) AS version,
    is_yes(deleted) AS deleted
FROM told
WHERE stage_name IS DISTINCT FROM before;

-- opportunity_history.links: one row is the account that a deal belongs to.
SELECT line, 'salesforce_opportunity' AS identifier_kind, id AS identifier, 'salesforce_account' AS other_kind, account_id AS other, 'part' AS tie, 50 AS rank
FROM raw;

-- opportunity_stage_change.events: one row is one change of a deal: of its stage, or of its amount.
WITH told AS (
    SELECT *, lag(stage_name) OVER (PARTITION BY opportunity_id ORDER BY moment(created_date), line) AS before FROM raw
)
SELECT
    line,
    'salesforce_opportunity' AS identifier_kind,
    opportunity_id AS identifier,
    moment(created_date) AS occurred_at,
    'Deal: ' || stage_name AS touchpoint,
    'Sales' AS touchpoint_group,
    'deal:' || short(opportunity_id) || ':' || stage_name || ':' || epoch(moment(created_date))::BIGINT AS content,
    as_time(version) AS version,
    is_yes(deleted) AS deleted,
    properties_of({'amount': as_number(amount)}, leftover) AS properties
FROM told
WHERE stage_name IS DISTINCT FROM before;

-- opportunity_field_history.events: one row is one stage that a deal entered.
SELECT
    line,
    'salesforce_opportunity' AS identifier_kind,
    thing AS identifier,
    moment(created_date) AS occurred_at,
    CASE WHEN lower(field) = 'created' THEN 'Deal created' ELSE 'Deal: ' || new_value END AS touchpoint,
    'Sales' AS touchpoint_group,
    CASE WHEN lower(field) = 'created' THEN 'deal:' || short(thing) || ':created'
        ELSE 'deal:' || short(thing) || ':' || new_value || ':' || epoch(moment(created_date))::BIGINT END AS content
FROM raw
WHERE lower(field) IN ('stagename', 'stage', 'created');

-- lead_history.events: one row is one status that a lead entered.
SELECT
    line,
    'salesforce_lead' AS identifier_kind,
    thing AS identifier,
    moment(created_date) AS occurred_at,
    'Lead: ' || new_value AS touchpoint,
    'Sales' AS touchpoint_group,
    'lead:' || short(thing) || ':' || new_value || ':' || epoch(moment(created_date))::BIGINT AS content
FROM raw
WHERE lower(field) = 'status';

-- case_history.events: one row is one status that a case entered.
SELECT
    line,
    'salesforce_case' AS identifier_kind,
    thing AS identifier,
    moment(created_date) AS occurred_at,
    'Ticket: ' || new_value AS touchpoint,
    'Support' AS touchpoint_group,
    'case:' || short(thing) || ':' || new_value || ':' || epoch(moment(created_date))::BIGINT AS content
FROM raw
WHERE lower(field) = 'status';

-- opportunity_contact_role.links: one row is one person of a deal.
SELECT
    line,
    'salesforce_opportunity' AS identifier_kind,
    opportunity_id AS identifier,
    'salesforce_contact' AS other_kind,
    contact_id AS other,
    'part' AS tie,
    CASE WHEN is_yes(is_primary) THEN 0 ELSE 1 END AS rank
FROM raw;

-- task.events: one row is one call, e-mail or task of a salesperson that is done.
SELECT
    line,
    kind_of(coalesce(who_id, what_id, account_id)) AS identifier_kind,
    coalesce(who_id, what_id, account_id) AS identifier,
    coalesce(moment(completed_date_time), CASE WHEN lower(task_subtype) IN ('email', 'listemail') THEN moment(created_date) END,
        moment(activity_date), moment(created_date)) AS occurred_at,
    CASE
        WHEN lower(task_subtype) IN ('email', 'listemail') OR lower(type) = 'email' THEN 'Sales email sent'
        WHEN lower(task_subtype) = 'call' OR lower(type) = 'call' THEN 'Sales call'
        WHEN lower(type) = 'meeting' THEN 'Meeting'
        WHEN length(type) > 1 AND lower(type) NOT IN ('task', 'other') THEN 'Sales task: ' || type
        ELSE 'Sales task'
    END AS touchpoint,
    'Sales' AS touchpoint_group,
    CASE WHEN lower(type) IN ('call', 'meeting') OR lower(task_subtype) = 'call' THEN 'action' ELSE 'exposure' END AS kind,
    'task:' || short(id) AS content,
    as_time(version) AS version,
    is_yes(deleted) AS deleted,
    properties_of({'direction': call_type, 'status': status}, leftover) AS properties,
    CASE WHEN lower(is_closed) = 'false' THEN 'is_closed' END AS field,
    CASE WHEN lower(is_closed) = 'false' THEN 'a task that is still to be done' END AS reason
FROM raw;

-- task.notes: one row is what a salesperson wrote down.
SELECT
    line,
    kind_of(coalesce(who_id, what_id, account_id)) AS identifier_kind,
    coalesce(who_id, what_id, account_id) AS identifier,
    coalesce(moment(completed_date_time), moment(activity_date), moment(created_date)) AS occurred_at,
    CASE WHEN lower(task_subtype) = 'call' OR lower(type) = 'call' THEN 'call' ELSE 'task' END AS kind,
    trim(regexp_replace(description, '<[^>]*>|&nbsp;', ' ', 'g')) AS text,
    'task:' || short(id) AS content,
    as_time(version) AS version
FROM raw
WHERE blank(description) IS NOT NULL AND NOT is_yes(deleted)
    -- An e-mail's text is what the company wrote.
    AND coalesce(lower(task_subtype), '') NOT IN ('email', 'listemail') AND coalesce(lower(type), '') <> 'email';

-- task.links: one row is the contact or the deal of an activity, with the account of both.
SELECT line, 'salesforce_contact' AS identifier_kind, who_id AS identifier, 'salesforce_account' AS other_kind, account_id AS other, 'member' AS tie, 0 AS rank
FROM raw
WHERE starts_with(who_id, '003') AND starts_with(account_id, '001')
UNION ALL
SELECT line, 'salesforce_opportunity', what_id, 'salesforce_contact', who_id, 'part', 10
FROM raw
WHERE starts_with(what_id, '006') AND starts_with(who_id, '003');

-- event.events: one row is one meeting or call in a salesperson's calendar.
SELECT
    line,
    kind_of(coalesce(who_id, what_id, account_id)) AS identifier_kind,
    coalesce(who_id, what_id, account_id) AS identifier,
    coalesce(moment(start_date_time), moment(activity_date), moment(created_date)) AS occurred_at,
    CASE
        WHEN lower(type) = 'call' THEN 'Sales call'
        WHEN lower(type) = 'email' THEN 'Sales email sent'
        WHEN length(type) > 1 AND lower(type) NOT IN ('meeting', 'other', 'event') THEN 'Meeting: ' || type
        ELSE 'Meeting'
    END AS touchpoint,
    'Sales' AS touchpoint_group,
    CASE WHEN lower(type) = 'email' THEN 'exposure' ELSE 'action' END AS kind,
    'event:' || short(id) AS content,
    as_time(version) AS version,
    is_yes(deleted) AS deleted,
    leftover AS properties,
    CASE WHEN is_yes(is_child) THEN 'is_child' END AS field,
    CASE WHEN is_yes(is_child) THEN 'a copy of a meeting in another calendar' END AS reason
FROM raw;

-- event.notes: one row is what a salesperson wrote down.
SELECT
    line,
    kind_of(coalesce(who_id, what_id, account_id)) AS identifier_kind,
    coalesce(who_id, what_id, account_id) AS identifier,
    coalesce(moment(start_date_time), moment(activity_date), moment(created_date)) AS occurred_at,
    'meeting' AS kind,
    trim(regexp_replace(description, '<[^>]*>|&nbsp;', ' ', 'g')) AS text,
    'event:' || short(id) AS content,
    as_time(version) AS version
FROM raw
WHERE blank(description) IS NOT NULL AND NOT is_yes(deleted) AND NOT is_yes(is_child);

-- event.links: one row is the contact or the deal of a meeting, with the account of both.
SELECT line, 'salesforce_contact' AS identifier_kind, who_id AS identifier, 'salesforce_account' AS other_kind, account_id AS other, 'member' AS tie, 0 AS rank
FROM raw
WHERE starts_with(who_id, '003') AND starts_with(account_id, '001')
UNION ALL
SELECT line, 'salesforce_opportunity', what_id, 'salesforce_contact', who_id, 'part', 10
FROM raw
WHERE starts_with(what_id, '006') AND starts_with(who_id, '003');

-- campaign_member.events: one row is one person's coming into a campaign, or answer to it.
WITH happened AS (
    SELECT line, moment(created_date) AS occurred_at, 'Added to campaign' AS touchpoint, 'exposure' AS kind, 'added' AS what FROM raw
    UNION ALL
    SELECT
        line,
        coalesce(greatest(moment(first_responded_date), moment(created_date)), moment(first_responded_date), moment(created_date), as_time(version)),
        'Campaign ' || lower(coalesce(blank(status), 'responded')),
        'action',
        'responded'
    FROM raw
    WHERE is_yes(has_responded) OR moment(first_responded_date) IS NOT NULL
)
SELECT
    raw.line,
    CASE
        WHEN raw.contact_id IS NOT NULL THEN 'salesforce_contact'
        WHEN raw.lead_id IS NOT NULL THEN 'salesforce_lead'
        ELSE 'email'
    END AS identifier_kind,
    coalesce(raw.contact_id, raw.lead_id, raw.email) AS identifier,
    happened.occurred_at,
    happened.touchpoint || ': ' || coalesce(named('campaign', short(raw.campaign_id)), raw.campaign_name) AS touchpoint,
    'Email' AS touchpoint_group,
    happened.kind,
    coalesce(named('campaign', short(raw.campaign_id)), raw.campaign_name) AS campaign,
    'member:' || coalesce(short(raw.id), concat_ws(':', coalesce(raw.campaign_id, raw.campaign_name), coalesce(raw.contact_id, raw.lead_id, raw.email)))
        || ':' || happened.what AS content,
    as_time(raw.version) AS version,
    is_yes(raw.deleted) AS deleted,
    properties_of({'status': raw.status}, raw.leftover) AS properties
FROM happened
JOIN raw ON raw.line = happened.line
WHERE happened.occurred_at IS NOT NULL;

-- campaign_member.links: one row is a lead that became a contact, or somebody's address.
SELECT line, 'salesforce_lead' AS identifier_kind, lead_id AS identifier, 'salesforce_contact' AS other_kind, contact_id AS other FROM raw
UNION ALL
SELECT line, CASE WHEN contact_id IS NULL THEN 'salesforce_lead' ELSE 'salesforce_contact' END, coalesce(contact_id, lead_id), 'email', email
FROM raw;

-- campaign.names: one row is one campaign.
SELECT line, 'campaign' AS entity, short(id) AS key, name AS label, as_time(version) AS version FROM raw;

-- case.events: one row is a case's opening or closing.
WITH happened AS (
    SELECT line, moment(created_date) AS occurred_at, 'Ticket opened' AS touchpoint, 'opened' AS what FROM raw
    UNION ALL
    SELECT line, moment(closed_date), 'Ticket closed', 'closed' FROM raw
)
SELECT
    raw.line,
    'salesforce_case' AS identifier_kind,
    raw.id AS identifier,
    happened.occurred_at,
    happened.touchpoint,
    'Support' AS touchpoint_group,
    'case:' || short(raw.id) || ':' || happened.what AS content,
    as_time(raw.version) AS version,
    is_yes(raw.deleted) AS deleted,
    CASE WHEN happened.what = 'opened'
        THEN properties_of({'status': raw.status, 'priority': raw.priority, 'type': raw.type, 'origin': raw.case_origin}, raw.leftover) END AS properties
FROM happened
JOIN raw ON raw.line = happened.line
WHERE happened.occurred_at IS NOT NULL;

-- case.notes: one row is what a customer wrote.
SELECT
    line,
    'salesforce_case' AS identifier_kind,
    id AS identifier,
    moment(created_date) AS occurred_at,
    'ticket' AS kind,
    trim(regexp_replace(concat_ws(chr(10), blank(subject), blank(description)), '<[^>]*>|&nbsp;', ' ', 'g')) AS text,
    'case:' || short(id) AS content,
    as_time(version) AS version
FROM raw
WHERE coalesce(blank(subject), blank(description)) IS NOT NULL AND NOT is_yes(deleted);

-- case.links: one row is the person or the account that a case belongs to.
SELECT line, 'salesforce_case' AS identifier_kind, id AS identifier, 'salesforce_contact' AS other_kind, contact_id AS other, 'part' AS tie, 0 AS rank FROM raw
UNION ALL
SELECT line, 'salesforce_case', id, 'email', supplied_email, 'part', 1 FROM raw
UNION ALL
SELECT line, 'salesforce_case', id, 'salesforce_account', account_id, 'part', 50 FROM raw;

-- case_comment.events: one row is one comment on a case.
SELECT
    line,
    'salesforce_case' AS identifier_kind,
    parent_id AS identifier,
    moment(created_date) AS occurred_at,
    'Ticket commented' AS touchpoint,
    'Support' AS touchpoint_group,
    'comment:' || short(id) AS content,
    as_time(version) AS version,
    is_yes(deleted) AS deleted,
    leftover AS properties
FROM raw;

-- case_comment.notes: one row is one comment on a case.
SELECT line, 'salesforce_case' AS identifier_kind, parent_id AS identifier, moment(created_date) AS occurred_at, 'ticket' AS kind,
    comment_body AS text, 'comment:' || short(id) AS content, as_time(version) AS version
FROM raw
WHERE blank(comment_body) IS NOT NULL AND NOT is_yes(deleted);

-- email_message.events: one row is one e-mail of a customer, or one to a customer.
SELECT
    line,
    CASE
        WHEN starts_with(coalesce(parent_id, related_to_id), '500') THEN 'salesforce_case'
        WHEN starts_with(related_to_id, '006') THEN 'salesforce_opportunity'
        ELSE 'email'
    END AS identifier_kind,
    CASE
        WHEN starts_with(coalesce(parent_id, related_to_id), '500') THEN coalesce(parent_id, related_to_id)
        WHEN starts_with(related_to_id, '006') THEN related_to_id
        WHEN is_yes(incoming) THEN from_address
        ELSE split_part(to_address, ';', 1)
    END AS identifier,
    coalesce(moment(message_date), moment(created_date)) AS occurred_at,
    CASE
        WHEN starts_with(coalesce(parent_id, related_to_id), '500') AND is_yes(incoming) THEN 'Ticket replied'
        WHEN starts_with(coalesce(parent_id, related_to_id), '500') THEN 'Ticket answered'
        WHEN is_yes(incoming) THEN 'Sales email received'
        ELSE 'Sales email sent'
    END AS touchpoint,
    CASE WHEN starts_with(coalesce(parent_id, related_to_id), '500') THEN 'Support' ELSE 'Sales' END AS touchpoint_group,
    CASE WHEN is_yes(incoming) OR starts_with(coalesce(parent_id, related_to_id), '500') THEN 'action' ELSE 'exposure' END AS kind,
    'message:' || short(id) AS content,
    as_time(version) AS version,
    is_yes(deleted) AS deleted,
    leftover AS properties
FROM raw;

-- email_message.notes: one row is what a customer wrote.
SELECT
    line,
    CASE WHEN starts_with(coalesce(parent_id, related_to_id), '500') THEN 'salesforce_case' ELSE 'email' END AS identifier_kind,
    CASE WHEN starts_with(coalesce(parent_id, related_to_id), '500') THEN coalesce(parent_id, related_to_id) ELSE from_address END AS identifier,
    coalesce(moment(message_date), moment(created_date)) AS occurred_at,
    'email' AS kind,
    trim(regexp_replace(coalesce(blank(text_body), html_body), '<[^>]*>|&nbsp;', ' ', 'g')) AS text,
    'message:' || short(id) AS content,
    as_time(version) AS version
FROM raw
WHERE is_yes(incoming) AND NOT is_yes(deleted);

-- note.notes: one row is a note on a record.
SELECT
    line,
    kind_of(parent_id) AS identifier_kind,
    parent_id AS identifier,
    moment(created_date) AS occurred_at,
    'note' AS kind,
    trim(regexp_replace(concat_ws(chr(10), blank(title), blank(body)), '<[^>]*>|&nbsp;', ' ', 'g')) AS text,
    'note:' || short(id) AS content,
    as_time(version) AS version
FROM raw
WHERE NOT is_yes(deleted);

-- order.events: one row is one order.
SELECT
    line,
    'salesforce_order' AS identifier_kind,
    id AS identifier,
    coalesce(moment(activated_date), moment(effective_date), moment(created_date)) AS occurred_at,
    CASE WHEN lower(coalesce(status_code, status)) = 'draft' THEN 'Order drafted' ELSE 'Order placed' END AS touchpoint,
    'Revenue' AS touchpoint_group,
    CASE WHEN lower(coalesce(status_code, status)) = 'draft' THEN NULL ELSE as_number(total_amount) END AS value,
    upper(blank(currency_iso_code)) AS currency,
    'order:' || short(id) AS content,
    as_time(version) AS version,
    is_yes(deleted) AS deleted,
    properties_of({'status': status}, leftover) AS properties
FROM raw;

-- order.links: one row is the person, deal or account that an order belongs to.
SELECT line, 'salesforce_order' AS identifier_kind, id AS identifier, 'salesforce_contact' AS other_kind, bill_to_contact_id AS other, 'part' AS tie, 0 AS rank FROM raw
UNION ALL
SELECT line, 'salesforce_order', id, 'salesforce_opportunity', opportunity_id, 'part', 20 FROM raw
UNION ALL
SELECT line, 'salesforce_order', id, 'salesforce_account', account_id, 'part', 50 FROM raw;

-- opportunity_line_item.details: one row is one product of a deal.
SELECT
    line,
    'deal:' || short(opportunity_id) || ':created' AS content,
    properties_of({'product': coalesce(blank(name), product_code), 'quantity': as_number(quantity)}, NULL) AS properties
FROM raw
WHERE NOT is_yes(is_deleted);

-- product.names: one row is one product.
SELECT line, 'product' AS entity, short(id) AS key, name AS label, as_time(version) AS version FROM raw;
