"""`desirepath ask`: one question, answered as the chat answers it."""

from contextlib import closing
from typing import Annotated

import typer

from assistant.answer import Step, answer_to_json
from assistant.assistant import Assistant
from assistant.settings import load_settings
from tools.store.workspace import Workspace
from ui.commands.output import ASIDE, PEOPLE, as_json, as_markdown


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("ask")(ask)


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="In your own words.")],
    conversation: Annotated[
        str | None, typer.Option(help="Carry on an earlier conversation, by its id.")
    ] = None,
    as_json_document: Annotated[
        bool, typer.Option("--json", help="Answer, tool calls, facts, follow-ups, guard.")
    ] = False,
) -> None:
    """Ask one question about the workspace's journeys."""
    workspace: Workspace = context.obj

    def show(step: Step) -> None:
        if step.kind != "text" and not as_json_document and ASIDE.is_terminal:
            ASIDE.print(f"[dim]{step.text}[/dim]")

    with closing(Assistant(workspace, load_settings(workspace))) as assistant:
        name = conversation or assistant.new_conversation()
        answer = assistant.ask(question, conversation=name, on_step=show)
    if as_json_document:
        document = answer_to_json(answer)
        document["conversation"] = name
        document["facts"] = [fact for shown in document["exhibits"] for fact in shown["facts"]]
        as_json(document)
    else:
        as_markdown(answer.text)
        if answer.notice:
            PEOPLE.print(f"[dim]{answer.notice}[/dim]")
        for follow_up in answer.choices or answer.follow_ups:
            PEOPLE.print(f"  > {follow_up}")
        PEOPLE.print(f"[dim]Go on with: --conversation {name}[/dim]")
    if answer.kind == "error":
        raise typer.Exit(1)
