-- response.events: one row is one form sent in.
WITH told AS (
    SELECT
        *,
        coalesce(
            blank("hidden.email"),
            list_filter(from_json(answers, '[{"type":"VARCHAR","email":"VARCHAR"}]'), lambda a: a.type = 'email')[1].email
        ) AS email
    FROM raw
)
SELECT
    line,
    CASE WHEN email IS NOT NULL THEN 'email' WHEN blank("hidden.user_id") IS NOT NULL THEN 'user' ELSE 'typeform_response' END AS identifier_kind,
    coalesce(email, blank("hidden.user_id"), token) AS identifier,
    as_time(submitted_at) AS occurred_at,
    'Form submitted'
        || coalesce(': ' || named_or('form', coalesce(form_id, "form_response.definition.id"), "form_response.definition.title"), '') AS touchpoint,
    'Survey' AS touchpoint_group,
    origin_of("hidden.utm_source", "hidden.utm_medium", "hidden.utm_campaign", "metadata.referer", NULL) AS origin,
    blank("hidden.utm_campaign") AS campaign,
    'response:' || token AS content,
    CASE WHEN response_type = 'started' THEN 'response_type' END AS field,
    CASE WHEN response_type = 'started' THEN 'a form that was opened and not sent in' END AS reason,
    properties_of({'score': "calculated.score"}, leftover) AS properties
FROM told;

-- response.links: one row is one pair of identifiers in a form.
WITH told AS (
    SELECT
        *,
        coalesce(
            blank("hidden.email"),
            list_filter(from_json(answers, '[{"type":"VARCHAR","email":"VARCHAR"}]'), lambda a: a.type = 'email')[1].email
        ) AS email,
        list_filter(from_json(answers, '[{"type":"VARCHAR","phone_number":"VARCHAR"}]'), lambda a: a.type = 'phone_number')[1].phone_number AS phone
    FROM raw
)
SELECT line, 'email' AS identifier_kind, email AS identifier, 'user' AS other_kind, "hidden.user_id" AS other, 'same' AS tie
FROM told
UNION ALL
SELECT line, 'email', email, 'phone', phone, 'same'
FROM told
UNION ALL
SELECT line, 'typeform_response', token, 'email', email, 'part'
FROM told;

-- response.notes: one row is what a person wrote in a form.
SELECT
    line,
    CASE WHEN blank("hidden.email") IS NOT NULL THEN 'email' ELSE 'typeform_response' END AS identifier_kind,
    coalesce(blank("hidden.email"), token) AS identifier,
    as_time(submitted_at) AS occurred_at,
    'survey' AS kind,
    array_to_string(list_filter(list_transform(
        from_json(answers, '[{"type":"VARCHAR","text":"VARCHAR"}]'),
        lambda a: CASE WHEN a.type IN ('text', 'long_text', 'short_text') THEN a.text END
    ), lambda t: t IS NOT NULL), chr(10)) AS text,
    'response:' || token AS content
FROM raw
WHERE json_valid(answers) AND contains(answers, '"text"');

-- form.names: one row is one form.
SELECT line, 'form' AS entity, id AS key, title AS label, as_time(last_updated_at) AS version
FROM raw;

-- export.events: one row is one form sent in.
SELECT
    line,
    CASE WHEN blank(email) IS NOT NULL THEN 'email' ELSE 'typeform_network_client' END AS identifier_kind,
    coalesce(blank(email), "Network ID") AS identifier,
    as_time("Submit Date (UTC)") AS occurred_at,
    'Form submitted' AS touchpoint,
    'Survey' AS touchpoint_group,
    coalesce(blank("#"), "Network ID" || "Submit Date (UTC)") AS content,
    leftover AS properties
FROM raw;
