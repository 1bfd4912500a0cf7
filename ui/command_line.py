"""The command line: one contract for people and scripts.

Exit codes: 0 done, 1 a clear error, 2 wrong usage. With `--json`, standard output holds one
JSON document, an error included; sentences for people go to standard error.
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from platformdirs import user_data_path

from tools.errors import InvalidArgumentError, JourneyError, UnknownAnalysisError
from tools.store.workspace import Workspace
from ui.commands import (
    analyses,
    changes,
    conversation,
    data,
    identity,
    journeys,
    page,
    segments,
    sources,
    sync,
    touchpoints,
)

app = typer.Typer(
    help="Ask what your customers really do.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def desirepath(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(help="The workspace folder; also DESIREPATH_WORKSPACE."),
    ] = None,
) -> None:
    """Ask what your customers really do."""
    told = workspace or os.environ.get("DESIREPATH_WORKSPACE")
    context.obj = Workspace(Path(told).expanduser() if told else user_data_path("desirepath"))


data.register(app)
sources.register(app)
sync.register(app)
sync.register_sources(sources.listing)
identity.register(app)
touchpoints.register(app)
app.add_typer(journeys.app, name="journey")
app.add_typer(changes.app, name="changes")
app.add_typer(segments.app, name="segments")
analyses.register(app)
conversation.register(app)
page.register(app)


def main() -> None:
    """Run the command line; a known error is one sentence, never a stack trace."""
    try:
        app()
    except JourneyError as error:
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"error": str(error), "kind": type(error).__name__}) + "\n")
        sys.stderr.write(f"{error}\n")
        wrong_usage = isinstance(error, InvalidArgumentError | UnknownAnalysisError)
        raise SystemExit(2 if wrong_usage else 1) from error


if __name__ == "__main__":
    main()
