-- activity.events: one row is one thing that a person did, or that a program did to one.
WITH told AS (/* told */)
SELECT
    line,
    'marketo_lead' AS identifier_kind,
    lead AS identifier,
    as_time(occurred_at) AS occurred_at,
    CASE kind
        WHEN '1' THEN concat_ws(': ', 'Viewed page', page_of(coalesce(attribute('Webpage URL'), webpage_url, about)))
        WHEN '2' THEN concat_ws(': ', 'Form submitted', named_or('form', about_id, about))
        WHEN '3' THEN concat_ws(': ', 'Link clicked', page_of(coalesce(attribute('Link'), link)))
        WHEN '6' THEN concat_ws(': ', 'Email sent', named_or('email', about_id, about))
        WHEN '7' THEN concat_ws(': ', 'Email delivered', named_or('email', about_id, about))
        WHEN '8' THEN concat_ws(': ', 'Email bounced', named_or('email', about_id, about))
        WHEN '27' THEN concat_ws(': ', 'Email bounced', named_or('email', about_id, about))
        WHEN '9' THEN concat_ws(': ', 'Email unsubscribed', named_or('email', about_id, about))
        WHEN '10' THEN concat_ws(': ', 'Email opened', named_or('email', about_id, about))
        WHEN '11' THEN concat_ws(': ', 'Email clicked', named_or('email', about_id, about))
        WHEN '12' THEN 'Lead created'
        WHEN '19' THEN 'Lead synced to Salesforce'
        WHEN '21' THEN 'Lead converted'
        WHEN '24' THEN concat_ws(': ', 'Added to list', named_or('list', about_id, about))
        WHEN '25' THEN concat_ws(': ', 'Removed from list', named_or('list', about_id, about))
        WHEN '34' THEN 'Added to opportunity'
        WHEN '35' THEN 'Removed from opportunity'
        WHEN '39' THEN 'Sales email sent'
        WHEN '40' THEN 'Sales email opened'
        WHEN '41' THEN 'Sales email clicked'
        WHEN '45' THEN 'Sales email received'
        WHEN '48' THEN 'Sales email bounced'
        WHEN '42' THEN concat_ws(': ', 'Added to campaign', about)
        WHEN '44' THEN concat_ws(': ', 'Campaign ' || lower(coalesce(attribute('New Status'), new_status, 'status changed')), about)
        WHEN '46' THEN concat_ws(': ', 'Interesting moment', about)
        WHEN '101' THEN concat_ws(': ', 'Revenue stage', coalesce(attribute('New Stage'), about))
        WHEN '104' THEN concat_ws(
            ': ', 'Campaign ' || lower(coalesce(attribute('New Status'), new_status, 'status changed')), named_or('program', about_id, about)
        )
        WHEN '113' THEN concat_ws(': ', 'Added to nurture', named_or('program', about_id, about))
        ELSE titled(named('activity type', kind))
    END AS touchpoint,
    CASE
        WHEN kind IN ('6', '7', '8', '9', '10', '11', '24', '25', '27', '42', '44', '104', '113') THEN 'Email'
        WHEN kind IN ('1', '2', '3') THEN 'Web'
        ELSE 'Sales'
    END AS touchpoint_group,
    CASE WHEN kind IN (
        '6', '7', '8', '27', '19', '24', '25', '34', '35', '38', '39', '42', '47', '48', '100', '106', '110', '113', '114', '115'
    ) THEN 'exposure' ELSE 'action' END AS kind,
    CASE WHEN kind IN ('6', '7', '8', '9', '10', '11', '27') THEN 'Email' END AS channel,
    coalesce(named('campaign', campaign), attribute('Campaign'), campaign_name) AS campaign,
    CASE WHEN kind IN ('1', '2') THEN origin_of(
        NULL, NULL, NULL,
        coalesce(attribute('Referrer URL'), referrer_url),
        '?' || coalesce(attribute('Query Parameters'), query_parameters)
    ) END AS origin,
    'activity:' || id AS content,
    as_time(version) AS version,
    properties_of(
        {
            'link': regexp_extract(coalesce(attribute('Link'), link), '^[^?#]*'),
            'device': coalesce(attribute('Device'), device),
            'platform': coalesce(attribute('Platform'), platform),
            'category': coalesce(attribute('Category'), category)
        },
        -- What an attribute says of the person's machine, address or answers stays out.
        json_merge_patch(coalesce(leftover, '{}'), '{' || coalesce(array_to_string(list_transform(
            list_filter(items, lambda one: NOT regexp_matches(
                json_extract_string(one, '$.name'),
                '(?i)\bip\b|agent|form fields|query|mail|details|referrer|url|link|description|name$|sent to|^(device|platform|category|campaign)$'
            )),
            lambda one: to_json(json_extract_string(one, '$.name')) || ':' || coalesce(to_json(json_extract_string(one, '$.value')), 'null')
        ), ','), '') || '}')::VARCHAR
    ) AS properties,
    CASE WHEN kind IN ('29', '37') THEN 'activity_type_id' WHEN lower(coalesce(attribute('Action Result'), result)) = 'skipped' THEN 'action_result' END AS field,
    CASE
        WHEN kind IN ('29', '37') THEN 'somebody was deleted from a system: nothing that they did'
        WHEN lower(coalesce(attribute('Action Result'), result)) = 'skipped' THEN 'an e-mail that was skipped, not sent'
    END AS reason
FROM told
WHERE kind NOT IN ('13', '22', '23', '32');

-- activity.traits: one row is one score or trait that changed.
WITH told AS (/* told */)
SELECT
    line,
    'marketo_lead' AS identifier_kind,
    lead AS identifier,
    as_time(occurred_at) AS set_at,
    CASE lower(about)
        WHEN 'company name' THEN 'company'
        WHEN 'lead status' THEN 'lead_status'
        WHEN 'person status' THEN 'lead_status'
        ELSE regexp_replace(lower(trim(about)), '[^a-z0-9]+', '_', 'g')
    END AS name,
    coalesce(attribute('New Value'), new_value) AS value
FROM told
WHERE kind IN ('13', '22')
    AND regexp_matches(
        lower(about),
        '(^| )(score|status|stage|type|level|priority|urgency|segment|grade|rating|tier|plan|industry|country|city)$|^(company name|job title|lead source|person source)$|score'
    )
UNION ALL
-- The API's answer for changes of people lists all fields that changed at once.
SELECT
    told.line, 'marketo_lead', told.lead, as_time(told.occurred_at),
    regexp_replace(lower(regexp_replace(change.value ->> '$.name', '([a-z])([A-Z])', '\1_\2', 'g')), '[^a-z0-9]+', '_', 'g'),
    change.value ->> '$.newValue'
FROM told, json_each(CASE WHEN json_valid(told.changes) THEN told.changes END) AS change
WHERE told.kind = '13'
    AND regexp_matches(
        change.value ->> '$.name',
        '(?i)(score|status|stage|type|level|priority|urgency|segment|grade|rating|tier|plan|industry|country|city|source|^company|^title)$'
    );

-- activity.links: one row is one person that became another, or somebody's address.
WITH told AS (/* told */)
SELECT told.line, 'marketo_lead' AS identifier_kind, told.lead AS identifier, 'marketo_lead' AS other_kind, merged.lead AS other
FROM told, (SELECT unnest(regexp_extract_all(coalesce(attribute('Merge IDs'), told.merge_ids), '\d+')) AS lead) AS merged
WHERE told.kind = '32'
UNION ALL
SELECT line, 'marketo_lead', lead, 'email', coalesce(email, CASE WHEN kind = '8' THEN attribute('Email') END)
FROM told;

-- activity.notes: one row is what Marketo was told to remember of a moment.
WITH told AS (/* told */)
SELECT
    line,
    'marketo_lead' AS identifier_kind,
    lead AS identifier,
    as_time(occurred_at) AS occurred_at,
    'moment' AS kind,
    coalesce(attribute('Description'), description) AS text,
    'activity:' || id AS content
FROM told
WHERE told.kind = '46' AND coalesce(attribute('Description'), description) IS NOT NULL;

-- lead.traits: one row is one person.
SELECT
    line,
    CASE WHEN id IS NULL THEN 'email' ELSE 'marketo_lead' END AS identifier_kind,
    coalesce(id, email) AS identifier,
    as_time(set_at) AS set_at,
    blank(first_name) AS first_name,
    blank(last_name) AS last_name,
    blank(company) AS company,
    blank(phone) AS phone,
    blank(title) AS job_title,
    blank(industry) AS industry,
    CASE
        WHEN as_number(employees) < 11 THEN '1-10'
        WHEN as_number(employees) < 51 THEN '11-50'
        WHEN as_number(employees) < 201 THEN '51-200'
        WHEN as_number(employees) < 1001 THEN '201-1000'
        WHEN as_number(employees) >= 1001 THEN 'over 1000'
    END AS company_size,
    blank(country) AS country,
    blank(city) AS city,
    blank(status) AS lead_status,
    blank(source) AS lead_source,
    blank(score) AS lead_score
FROM raw;

-- lead.links: one row is one identifier of a person.
SELECT line, 'marketo_lead' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other, 'same' AS tie FROM raw
UNION ALL
SELECT raw.line, 'marketo_lead', raw.id, 'phone', told.number, 'same'
FROM raw, (SELECT unnest([blank(raw.phone), blank(raw.mobile_phone)]) AS number) AS told
UNION ALL
SELECT line, 'marketo_lead', id, 'salesforce_lead', sfdc_lead_id, 'same' FROM raw
UNION ALL
SELECT line, 'marketo_lead', id, 'salesforce_contact', sfdc_contact_id, 'same' FROM raw
UNION ALL
SELECT line, 'marketo_lead', id, 'salesforce_account', sfdc_account_id, 'member' FROM raw;

-- program.names: one row is one program.
SELECT line, 'program' AS entity, id AS key, name AS label, as_time(version) AS version FROM raw;

-- campaign.names: one row is one smart campaign.
SELECT line, 'campaign' AS entity, id AS key, name AS label, as_time(version) AS version FROM raw;

-- email.names: one row is one state of one e-mail.
SELECT line, 'email' AS entity, id AS key, coalesce(blank(name), subject) AS label, as_time(version) AS version FROM raw;

-- form.names: one row is one form.
SELECT line, 'form' AS entity, id AS key, name AS label, as_time(version) AS version FROM raw;

-- list.names: one row is one list.
SELECT line, 'list' AS entity, id AS key, name AS label, as_time(version) AS version FROM raw;

-- activity_type.names: one row is one type of activity.
SELECT line, 'activity type' AS entity, id AS key, name AS label, as_time(version) AS version FROM raw;
