"""The conversation: a question in, a grounded answer out."""
# The public surface, for the faces:
#   Assistant(workspace, settings=None)
#   .ask(question, *, conversation, context=Context(), on_step=None) -> Answer
#   .stop(conversation)
#   .new_conversation() -> str
#   .conversations() -> tuple[(id, title, when), ...]   newest first; when: datetime in UTC
#   .history(conversation) -> tuple[Answer, ...]        oldest first
#   .suggestions(context=Context()) -> tuple[str, ...]
