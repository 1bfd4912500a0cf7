-- response.events: one row is one survey answered, or begun and left.
SELECT
    line,
    CASE
        WHEN coalesce(blank("metadata.contact.email.value"), blank(email_address)) IS NOT NULL THEN 'email'
        WHEN blank(custom_value) IS NOT NULL THEN 'user'
        ELSE 'surveymonkey_response'
    END AS identifier_kind,
    coalesce(blank("metadata.contact.email.value"), blank(email_address), blank(custom_value), id) AS identifier,
    as_time(date_modified) AS occurred_at,
    CASE WHEN response_status = 'completed' THEN 'Survey answered' ELSE 'Survey begun' END
        || coalesce(': ' || named('survey', survey_id), '') AS touchpoint,
    'Survey' AS touchpoint_group,
    'response:' || id AS content,
    as_time(date_modified) AS version,
    properties_of({'status': response_status, 'seconds': total_time, 'score': "quiz_results.score"}, leftover) AS properties
FROM raw;

-- response.links: one row is one response and whose it is.
SELECT
    line, 'surveymonkey_response' AS identifier_kind, id AS identifier, 'email' AS other_kind,
    coalesce(blank("metadata.contact.email.value"), blank(email_address)) AS other, 'part' AS tie
FROM raw
UNION ALL
SELECT line, 'email', coalesce(blank("metadata.contact.email.value"), blank(email_address)), 'user', custom_value, 'same'
FROM raw;

-- response.notes: one row is what a person wrote in a survey.
SELECT
    line, 'surveymonkey_response' AS identifier_kind, id AS identifier, as_time(date_modified) AS occurred_at,
    'survey' AS kind,
    array_to_string(list_filter(
        json_extract_string(pages, '$[*].questions[*].answers[*].text'), lambda t: t IS NOT NULL
    ), chr(10)) AS text,
    'response:' || id AS content, as_time(date_modified) AS version
FROM raw
WHERE json_valid(pages);

-- response.traits: one row is one person who answered.
SELECT
    line, 'email' AS identifier_kind, coalesce(blank("metadata.contact.email.value"), blank(email_address)) AS identifier,
    as_time(date_modified) AS set_at, blank("metadata.contact.first_name.value") AS first_name,
    blank("metadata.contact.last_name.value") AS last_name
FROM raw;

-- survey.names: one row is one survey.
SELECT line, 'survey' AS entity, id AS key, title AS label, as_time(date_modified) AS version
FROM raw;

-- export.events: one row is one survey answered.
SELECT
    line,
    CASE WHEN blank("Email Address") IS NOT NULL THEN 'email' ELSE 'surveymonkey_response' END AS identifier_kind,
    coalesce(blank("Email Address"), "Respondent ID") AS identifier,
    as_time("End Date") AS occurred_at,
    'Survey answered' AS touchpoint,
    'Survey' AS touchpoint_group,
    'response:' || "Respondent ID" AS content,
    leftover AS properties
FROM raw;
