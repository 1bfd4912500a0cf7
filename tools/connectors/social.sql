-- comment.events: one row is one comment or message on a page.
SELECT
    line, 'facebook_person' AS identifier_kind, "from.id" AS identifier, as_time(created_time) AS occurred_at,
    CASE WHEN "to.data" IS NOT NULL THEN 'Message on Facebook' ELSE 'Comment on Facebook' END AS touchpoint,
    'Social' AS touchpoint_group, 'Organic social' AS channel, 'comment:' || id AS content,
    to_json({'post': post_id, 'likes': like_count}) AS properties
FROM raw;

-- comment.notes: one row is what was written.
SELECT
    line, 'facebook_person' AS identifier_kind, "from.id" AS identifier, as_time(created_time) AS occurred_at,
    'social' AS kind, message AS text, 'comment:' || id AS content
FROM raw;

-- comment.traits: one row is one person who wrote.
SELECT line, 'facebook_person' AS identifier_kind, "from.id" AS identifier, as_time(created_time) AS set_at, blank("from.name") AS name
FROM raw;

-- instagram_comment.events: one row is one comment.
SELECT
    line, 'instagram_person' AS identifier_kind, username AS identifier, as_time("timestamp") AS occurred_at,
    'Comment on Instagram' AS touchpoint, 'Social' AS touchpoint_group, 'Organic social' AS channel,
    'instagram:' || id AS content, to_json({'likes': like_count}) AS properties
FROM raw;

-- instagram_comment.notes: one row is what was written.
SELECT
    line, 'instagram_person' AS identifier_kind, username AS identifier, as_time("timestamp") AS occurred_at,
    'social' AS kind, "text" AS text, 'instagram:' || id AS content
FROM raw;

-- message.events: one row is one message.
SELECT
    line, 'linkedin_member' AS identifier_kind, coalesce(blank("SENDER PROFILE URL"), "FROM") AS identifier,
    as_time(replace("DATE", ' UTC', '')) AS occurred_at, 'Message on LinkedIn' AS touchpoint, 'Social' AS touchpoint_group,
    'Organic social' AS channel, concat_ws('|', "CONVERSATION ID", "DATE", "FROM") AS content
FROM raw;

-- message.notes: one row is what was written.
SELECT
    line, 'linkedin_member' AS identifier_kind, coalesce(blank("SENDER PROFILE URL"), "FROM") AS identifier,
    as_time(replace("DATE", ' UTC', '')) AS occurred_at, 'social' AS kind,
    concat_ws(chr(10), blank("SUBJECT"), regexp_replace("CONTENT", '<[^>]+>', ' ', 'g')) AS text,
    concat_ws('|', "CONVERSATION ID", "DATE", "FROM") AS content
FROM raw;

-- message.traits: one row is one person who wrote.
SELECT
    line, 'linkedin_member' AS identifier_kind, coalesce(blank("SENDER PROFILE URL"), "FROM") AS identifier,
    as_time(replace("DATE", ' UTC', '')) AS set_at, "FROM" AS name
FROM raw;

-- post.events: one row is one post that speaks of the company.
SELECT
    line, 'x_person' AS identifier_kind, coalesce(blank(author_id), username) AS identifier, as_time(created_at) AS occurred_at,
    CASE WHEN blank(in_reply_to_user_id) IS NOT NULL THEN 'Reply on X' ELSE 'Mention on X' END AS touchpoint,
    'Social' AS touchpoint_group, 'Organic social' AS channel, 'post:' || id AS content,
    to_json({'language': lang, 'likes': "public_metrics.like_count"}) AS properties
FROM raw;

-- post.notes: one row is what was written.
SELECT
    line, 'x_person' AS identifier_kind, coalesce(blank(author_id), username) AS identifier, as_time(created_at) AS occurred_at,
    'social' AS kind, "text" AS text, 'post:' || id AS content
FROM raw;

-- linkedin_comment.events: one row is one comment.
SELECT
    line, 'linkedin_member' AS identifier_kind, actor AS identifier, as_time("created.time") AS occurred_at,
    'Comment on LinkedIn' AS touchpoint, 'Social' AS touchpoint_group, 'Organic social' AS channel,
    'linkedin:' || coalesce(id, "created.time" || actor) AS content
FROM raw;

-- linkedin_comment.notes: one row is what was written.
SELECT
    line, 'linkedin_member' AS identifier_kind, actor AS identifier, as_time("created.time") AS occurred_at,
    'social' AS kind, "message.text" AS text, 'linkedin:' || coalesce(id, "created.time" || actor) AS content
FROM raw;
