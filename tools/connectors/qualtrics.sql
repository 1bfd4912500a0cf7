-- survey_response.events: one row is one survey answered, or begun and left.
SELECT
    line,
    CASE
        WHEN blank(recipient_email) IS NOT NULL THEN 'email'
        WHEN blank(external_data_reference) IS NOT NULL THEN 'user'
        ELSE 'qualtrics_response'
    END AS identifier_kind,
    coalesce(blank(recipient_email), blank(external_data_reference), id) AS identifier,
    as_time(recorded_date) AS occurred_at,
    CASE WHEN is_yes(finished) THEN 'Survey answered' ELSE 'Survey begun' END
        || coalesce(': ' || named('survey', survey_id), '') AS touchpoint,
    'Survey' AS touchpoint_group,
    'response:' || id AS content,
    as_time(coalesce(last_modified_date, _fivetran_synced)) AS version,
    properties_of({'by': distribution_channel, 'seconds': duration_in_seconds}, leftover) AS properties
FROM raw;

-- survey_response.links: one row is one response and whose it is.
SELECT
    line, 'qualtrics_response' AS identifier_kind, id AS identifier,
    CASE WHEN blank(recipient_email) IS NOT NULL THEN 'email' ELSE 'user' END AS other_kind,
    coalesce(blank(recipient_email), blank(external_data_reference)) AS other, 'part' AS tie
FROM raw
UNION ALL
SELECT line, 'email', recipient_email, 'user', external_data_reference, 'same'
FROM raw;

-- survey_response.notes: one row is one answer in words.
SELECT
    told.line,
    CASE WHEN blank(recipient_email) IS NOT NULL THEN 'email' ELSE 'qualtrics_response' END AS identifier_kind,
    coalesce(blank(recipient_email), response_id) AS identifier,
    as_time(recorded_date) AS occurred_at,
    'survey' AS kind,
    part.value ->> '$' AS text,
    'response:' || response_id || ':' || part.key AS content
FROM (SELECT line, id AS response_id, recipient_email, recorded_date, leftover FROM raw) AS told, json_each(told.leftover) AS part
WHERE regexp_matches(part.key, '(?i)^(values\.)?q(id)?\d+(_\d+)?(_text)?$') AND length(part.value ->> '$') > 8
    AND json_type(part.value) = 'VARCHAR' AND TRY_CAST(part.value ->> '$' AS DOUBLE) IS NULL;

-- survey_response.traits: one row is one person who answered.
SELECT
    line, 'email' AS identifier_kind, recipient_email AS identifier, as_time(recorded_date) AS set_at,
    blank(recipient_first_name) AS first_name, blank(recipient_last_name) AS last_name
FROM raw;

-- distribution_contact.events: one row is one invitation sent, opened, or answered.
SELECT
    line, 'qualtrics_contact' AS identifier_kind, contact_id AS identifier, as_time(sent_at) AS occurred_at,
    'Survey invitation sent' AS touchpoint, 'Survey' AS touchpoint_group, 'exposure' AS kind, 'Email' AS channel,
    concat_ws(':', 'sent', distribution_id, contact_id, contact_lookup_id) AS content, as_time(_fivetran_synced) AS version, 0 AS after
FROM raw
UNION ALL BY NAME
SELECT
    line, 'qualtrics_contact' AS identifier_kind, contact_id AS identifier, as_time(opened_at) AS occurred_at,
    'Survey invitation opened' AS touchpoint, 'Survey' AS touchpoint_group, 'Email' AS channel,
    concat_ws(':', 'opened', distribution_id, contact_id, contact_lookup_id) AS content, as_time(_fivetran_synced) AS version, 1 AS after
FROM raw
WHERE as_time(opened_at) IS NOT NULL;

-- distribution_contact.links: one row is one response and the contact who gave it.
SELECT
    line, 'qualtrics_response' AS identifier_kind, response_id AS identifier, 'qualtrics_contact' AS other_kind,
    contact_id AS other, 'part' AS tie, 1 AS rank
FROM raw;

-- directory_contact.traits: one row is one contact.
SELECT
    line, 'qualtrics_contact' AS identifier_kind, id AS identifier, as_time(last_modified) AS set_at,
    blank(first_name) AS first_name, blank(last_name) AS last_name, blank(language) AS language
FROM raw;

-- directory_contact.links: one row is one mailbox, phone or user id of a contact.
SELECT line, 'qualtrics_contact' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other
FROM raw
UNION ALL
SELECT line, 'qualtrics_contact', id, 'phone', phone
FROM raw
UNION ALL
SELECT line, 'qualtrics_contact', id, 'user', ext_ref
FROM raw;

-- core_contact.traits: one row is one contact.
SELECT
    line, 'qualtrics_contact' AS identifier_kind, id AS identifier, as_time(_fivetran_synced) AS set_at,
    blank(first_name) AS first_name, blank(last_name) AS last_name, blank(language) AS language
FROM raw;

-- core_contact.links: one row is one mailbox or user id of a contact.
SELECT line, 'qualtrics_contact' AS identifier_kind, id AS identifier, 'email' AS other_kind, email AS other
FROM raw
UNION ALL
SELECT line, 'qualtrics_contact', id, 'user', external_data_reference
FROM raw;

-- contact_mailing_list_membership.traits: one row is one list that a contact is on.
SELECT
    line, 'qualtrics_contact' AS identifier_kind, contact_id AS identifier, as_time(_fivetran_synced) AS set_at,
    'list ' || coalesce(name, mailing_list_id) AS name,
    CASE WHEN is_yes(unsubscribed) THEN 'left' ELSE 'on it' END AS value
FROM raw;

-- question_response.details: one row is one answer.
SELECT
    line, 'response:' || response_id AS content,
    json_object(coalesce(nullif(concat_ws(' ', blank(question), blank(sub_question_text)), ''), question_id), coalesce(blank(text), value))::VARCHAR AS properties
FROM raw;

-- survey_embedded_data.details: one row is one field that came with a response.
SELECT line, 'response:' || response_id AS content, json_object(coalesce(blank(key), 'field'), value)::VARCHAR AS properties
FROM raw;

-- survey.names: one row is one survey.
SELECT line, 'survey' AS entity, id AS key, survey_name AS label, as_time(_fivetran_synced) AS version
FROM raw;

-- directory_mailing_list.names: one row is one list.
SELECT line, 'list' AS entity, id AS key, name AS label, as_time(_fivetran_synced) AS version
FROM raw;

-- core_mailing_list.names: one row is one list.
SELECT line, 'list' AS entity, id AS key, name AS label, as_time(_fivetran_synced) AS version
FROM raw;

-- distribution.names: one row is one mailing of a survey.
SELECT line, 'distribution' AS entity, id AS key, coalesce(blank(header_subject), named('survey', survey_link_survey_id)) AS label, as_time(_fivetran_synced) AS version
FROM raw;

-- question.names: one row is one question.
SELECT line, 'question' AS entity, survey_id || ':' || id AS key, question_text AS label, as_time(_fivetran_synced) AS version
FROM raw;

-- directory.names: one row is one directory.
SELECT line, 'directory' AS entity, id AS key, name AS label
FROM raw;
