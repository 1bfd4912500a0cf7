"""`desirepath app` and `desirepath demo`: the page, on this workspace or on the sample company."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tools.connectors.contract import ImportOptions
from tools.journeys.intake import take_in
from tools.journeys.status import status
from tools.sample.company import generate
from tools.store.workspace import Workspace
from ui.commands.output import ASIDE, PEOPLE, progress_bar
from ui.launch import serve

Port = Annotated[int, typer.Option(help="The port of the page.")]
Headless = Annotated[bool, typer.Option("--headless", help="Do not open a browser window.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("app")(open_page)
    app.command("demo")(demo)


def open_page(context: typer.Context, port: Port = 8501, headless: Headless = False) -> None:
    """Open the chat on this workspace."""
    workspace: Workspace = context.obj
    _open(workspace, port, headless=headless)


def demo(
    context: typer.Context,
    port: Port = 8501,
    headless: Headless = False,
    persons: Annotated[int, typer.Option(help="The sample company's size.", min=100)] = 60_000,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Make and load the sample, open no page.")
    ] = False,
) -> None:
    """Open the chat on the sample company, which is made and loaded the first time."""
    workspace: Workspace = context.obj
    if not status(workspace.read()).events:
        load_sample(workspace, persons)
    if not prepare_only:
        _open(workspace, port, headless=headless)


def _open(workspace: Workspace, port: int, *, headless: bool) -> None:
    """Serve the page, and say where: Streamlit's own greeting is for those who write apps."""
    PEOPLE.print(f"The page is at http://localhost:{port}. Stop it with Ctrl+C.")
    serve(workspace.path, port=port, headless=headless)


def load_sample(workspace: Workspace, persons: int) -> None:
    """Make the sample company's exports and take them in."""
    PEOPLE.print("Making the sample company's year of exports, and loading it: about a minute ...")
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder), persons=persons)
        with progress_bar(shown=ASIDE.is_terminal) as progress:
            report = take_in(
                workspace,
                [Path(folder)],
                ImportOptions(),
                loaded_at=datetime.now(UTC).replace(tzinfo=None),
                progress=progress,
            )
    told = status(workspace.read())
    PEOPLE.print(f"{told.events:,} events of {told.persons:,} people. {report.journey.sentence()}")
