-- activity.events: one row is one email opened, clicked or bounced.
SELECT
    line,
    'mailchimp_member' AS identifier_kind,
    member_id AS identifier,
    as_time(timestamp) AS occurred_at,
    concat_ws(
        ': ',
        CASE action
            WHEN 'open' THEN 'Email opened'
            WHEN 'click' THEN 'Email clicked'
            WHEN 'bounce' THEN 'Email bounced'
            WHEN 'sent' THEN 'Email received'
            WHEN 'unsub' THEN 'Email unsubscribed'
            ELSE 'Email ' || replace(action, '_', ' ')
        END,
        named('campaign', campaign_id)
    ) AS touchpoint,
    'Email' AS touchpoint_group,
    CASE WHEN action IN ('bounce', 'sent') THEN 'exposure' ELSE 'action' END AS kind,
    'Email' AS channel,
    named('campaign', campaign_id) AS campaign,
    concat_ws(':', action, campaign_id, member_id, epoch(as_time(timestamp))::BIGINT, url) AS content,
    as_time(_fivetran_synced) AS version,
    is_yes(_fivetran_deleted) AS deleted,
    properties_of({'url': url, 'bounce_type': type, 'list_id': list_id}, leftover) AS properties
FROM raw;

-- activity.links: one row is one mailbox: a member's id is its MD5.
SELECT line, 'mailchimp_member' AS identifier_kind, member_id AS identifier, 'email' AS other_kind, member_id AS other
FROM raw
UNION ALL
SELECT line, 'mailchimp_member', member_id, 'email', email_address FROM raw;

-- email_activity.events: one row is one thing that a member did with a campaign.
WITH step AS (
    SELECT
        raw.line, raw.campaign_id, raw.email_id, raw.list_id, raw.leftover,
        step ->> 'action' AS action,
        as_time(step ->> 'timestamp') AS occurred_at,
        step ->> 'url' AS url,
        step ->> 'type' AS type
    FROM raw, unnest(TRY(from_json(raw.activity, '["JSON"]'))) AS done (step)
)
SELECT
    line,
    'mailchimp_member' AS identifier_kind,
    email_id AS identifier,
    occurred_at,
    concat_ws(
        ': ',
        CASE action
            WHEN 'open' THEN 'Email opened'
            WHEN 'click' THEN 'Email clicked'
            WHEN 'bounce' THEN 'Email bounced'
            WHEN 'sent' THEN 'Email received'
            WHEN 'unsub' THEN 'Email unsubscribed'
            ELSE 'Email ' || replace(action, '_', ' ')
        END,
        named('campaign', campaign_id)
    ) AS touchpoint,
    'Email' AS touchpoint_group,
    CASE WHEN action IN ('bounce', 'sent') THEN 'exposure' ELSE 'action' END AS kind,
    'Email' AS channel,
    named('campaign', campaign_id) AS campaign,
    concat_ws(':', action, campaign_id, email_id, epoch(occurred_at)::BIGINT, url) AS content,
    properties_of({'url': url, 'bounce_type': type, 'list_id': list_id}, leftover) AS properties
FROM step
WHERE action IS NOT NULL AND occurred_at IS NOT NULL;

-- email_activity.links: one row is one member to whom a campaign was sent.
SELECT line, 'mailchimp_member' AS identifier_kind, email_id AS identifier, 'email' AS other_kind, email_id AS other
FROM raw
UNION ALL
SELECT line, 'mailchimp_member', email_id, 'email', email_address FROM raw;

-- recipient.links: one row is one member to whom a campaign was sent; when, the row does not say.
SELECT line, 'mailchimp_member' AS identifier_kind, member_id AS identifier, 'email' AS other_kind, member_id AS other
FROM raw
UNION ALL
SELECT line, 'mailchimp_member', member_id, 'email', email_address FROM raw;

-- unsubscribe.events: one row is one unsubscription from a campaign.
SELECT
    line,
    'mailchimp_member' AS identifier_kind,
    member_id AS identifier,
    as_time(timestamp) AS occurred_at,
    concat_ws(': ', 'Email unsubscribed', named('campaign', campaign_id)) AS touchpoint,
    'Email' AS touchpoint_group,
    'Email' AS channel,
    named('campaign', campaign_id) AS campaign,
    concat_ws(':', 'unsub', campaign_id, member_id, epoch(as_time(timestamp))::BIGINT) AS content,
    as_time(timestamp) AS version,
    is_yes(_fivetran_deleted) AS deleted,
    properties_of({'reason': blank(reason), 'list_id': list_id}, leftover) AS properties
FROM raw;

-- unsubscribe.links: one row is one mailbox.
SELECT line, 'mailchimp_member' AS identifier_kind, member_id AS identifier, 'email' AS other_kind, member_id AS other
FROM raw
UNION ALL
SELECT line, 'mailchimp_member', member_id, 'email', email_address FROM raw;

-- member.events: one row is one member's subscription to a list, its end, or the end of the mailbox.
WITH member AS (
    SELECT
        line, list_id, email_address, blank(id) AS id, as_time(timestamp_signup) AS signed_up_at,
        as_time(UNSUB_TIME) AS left_at, UNSUB_CAMPAIGN_ID AS left_by, UNSUB_CAMPAIGN_TITLE AS left_title,
        UNSUB_REASON AS reason, as_time(CLEAN_TIME) AS cleaned_at, CLEAN_CAMPAIGN_ID AS cleaned_by,
        CLEAN_CAMPAIGN_TITLE AS cleaned_title,
        coalesce(blank(id), md5(lower(trim(email_address)))) AS member_id,
        is_yes(_fivetran_deleted) AS deleted
    FROM raw
)
SELECT
    line,
    'mailchimp_member' AS identifier_kind,
    member_id AS identifier,
    signed_up_at AS occurred_at,
    concat_ws(': ', 'Subscribed', named('list', list_id)) AS touchpoint,
    'Email' AS touchpoint_group,
    'action' AS kind,
    NULL AS channel,
    NULL AS campaign,
    concat_ws(':', 'subscribed', list_id, member_id) AS content,
    deleted,
    NULL AS properties
FROM member
WHERE signed_up_at IS NOT NULL
UNION ALL
SELECT
    line, 'mailchimp_member', member_id, left_at,
    concat_ws(': ', 'Email unsubscribed', named_or('campaign', left_by, left_title)), 'Email', 'action', 'Email',
    named_or('campaign', left_by, left_title),
    concat_ws(':', 'unsub', left_by, member_id, epoch(left_at)::BIGINT), deleted,
    properties_of({'reason': blank(reason)}, NULL)
FROM member
WHERE left_at IS NOT NULL
UNION ALL
SELECT
    line, 'mailchimp_member', member_id, cleaned_at,
    concat_ws(': ', 'Email bounced', named_or('campaign', cleaned_by, cleaned_title)), 'Email', 'exposure', 'Email',
    named_or('campaign', cleaned_by, cleaned_title),
    concat_ws(':', 'bounce', cleaned_by, member_id, epoch(cleaned_at)::BIGINT), deleted, NULL
FROM member
WHERE cleaned_at IS NOT NULL;

-- member.links: one row is one member's mailbox, telephone and numbers.
WITH member AS (
    SELECT
        line, email_address, contact_id, unique_email_id, "merge_fields.PHONE" AS phone,
        coalesce(blank(id), md5(lower(trim(email_address)))) AS member_id
    FROM raw
)
SELECT
    line, 'mailchimp_member' AS identifier_kind, member_id AS identifier, 'email' AS other_kind, email_address AS other
FROM member
UNION ALL
SELECT line, 'mailchimp_member', member_id, 'phone', phone FROM member
UNION ALL
SELECT line, 'mailchimp_member', member_id, 'mailchimp_contact', contact_id FROM member
UNION ALL
SELECT line, 'mailchimp_member', member_id, 'mc_eid', unique_email_id FROM member;

-- member.traits: one row is one member of a list.
SELECT
    line,
    'mailchimp_member' AS identifier_kind,
    coalesce(blank(id), md5(lower(trim(email_address)))) AS identifier,
    coalesce(as_time(last_changed), as_time(timestamp_opt)) AS set_at,
    blank(country_code) AS country,
    blank(language) AS language,
    blank("merge_fields.FNAME") AS first_name,
    blank("merge_fields.LNAME") AS last_name,
    blank("merge_fields.PHONE") AS phone,
    blank("merge_fields.COMPANY") AS company,
    blank(email_client) AS email_client,
    blank(status) AS email_status
FROM raw;

-- segment_member.traits: one row is one segment of a member; each says all of them.
SELECT
    line, 'mailchimp_member' AS identifier_kind, member_id AS identifier, NULL::TIMESTAMP AS set_at,
    string_agg(segment_id, ', ' ORDER BY segment_id) OVER (PARTITION BY member_id) AS segment_ids
FROM raw;

-- campaign.names: one row is one campaign.
SELECT
    line, 'campaign' AS entity, id AS key, coalesce(blank(title), subject_line) AS label,
    as_time(_fivetran_synced) AS version
FROM raw;

-- automation_email.names: one row is one email of an automation: reports treat it as a campaign.
SELECT
    line, 'campaign' AS entity, id AS key, coalesce(blank(title), subject_line) AS label,
    as_time(_fivetran_synced) AS version
FROM raw;

-- automation.names: one row is one automation.
SELECT
    line, 'automation' AS entity, id AS key, coalesce(blank(title), 'Automation ' || id) AS label,
    as_time(_fivetran_synced) AS version
FROM raw;

-- list.names: one row is one list.
SELECT line, 'list' AS entity, id AS key, name AS label, as_time(_fivetran_synced) AS version FROM raw;

-- segment.names: one row is one segment.
SELECT line, 'segment' AS entity, id AS key, name AS label, as_time(updated_at) AS version FROM raw;
