"""Comments, messages and mentions from exports and APIs of Meta, LinkedIn and X."""

from tools.connectors.contract import VendorTable
from tools.store.door import read_sql

SQL = read_sql(__file__)
TABLES = (
    VendorTable(
        "meta_social", "comment", ("id", "created_time", "message", "from.id|from_id"), SQL,
        optional=("permalink_url", "like_count", "comment_count", "post_id|post.id|parent.id", "from.name|from_name", "to.data", "attachments"),
    ),
    VendorTable(
        "meta_social", "instagram_comment", ("id", "timestamp", "text", "username"), SQL,
        optional=("like_count", "media.id|media_id", "from.id", "replies"),
    ),
    VendorTable(
        "linkedin_social", "message", ("CONVERSATION ID", "FROM", "DATE", "CONTENT"), SQL,
        optional=("TO", "SUBJECT", "SENDER PROFILE URL", "RECIPIENT PROFILE URLS", "FOLDER", "CONVERSATION TITLE", "ATTACHMENTS"),
    ),
    VendorTable(
        "linkedin_social", "linkedin_comment", ("actor", "created.time", "message.text"), SQL,
        optional=("id|commentUrn|$URN", "object", "created.actor", "lastModified.time", "likesSummary.totalLikes", "agent"),
    ),
    VendorTable(
        "x", "post", ("id|tweet.id_str|tweet.id", "text|tweet.full_text", "created_at|tweet.created_at"), SQL,
        optional=(
            "author_id|user.id_str", "username|user.screen_name|author.username", "in_reply_to_user_id|tweet.in_reply_to_user_id", "conversation_id",
            "lang|tweet.lang", "public_metrics.like_count|tweet.favorite_count", "public_metrics.reply_count", "source|tweet.source",
            "entities.mentions", "referenced_tweets", "edit_history_tweet_ids", "tweet.id_str",
        ),
        lacks=("email", "status", "subject", "event", "conversation_parts", "priority", "rating"),
        named=("tweet", "post", "mention", "twitter", "x"),
    ),
)  # fmt: skip
