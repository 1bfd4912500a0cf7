"""`desirepath touchpoints` and `desirepath channels`: what things are called, and where visits come from."""

from typing import Annotated

import typer

from tools.dictionary import channels as channel_rules
from tools.dictionary import rules
from tools.dictionary.proposals import accept, propose_rules
from tools.dictionary.touchpoints import touchpoints
from tools.errors import InvalidArgumentError
from tools.journeys.editing import edit
from tools.store.door import Store
from tools.store.workspace import Workspace
from ui.commands.output import PEOPLE, as_json, as_table

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Label = Annotated[str, typer.Argument(help="The touchpoint, as it is shown.")]
NAMES_SHOWN = 3

dictionary = typer.Typer(
    help="The touchpoints and what they are called.", invoke_without_command=True
)
channels = typer.Typer(help="Your rules for channels.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(dictionary, name="touchpoints")
    app.add_typer(channels, name="channels")


@dictionary.callback()
def list_touchpoints(context: typer.Context, as_json_document: Json = False) -> None:
    """Show every touchpoint: its group, its sources, and the names it stands for."""
    if context.invoked_subcommand:
        return None
    told = touchpoints(context.obj.read())
    if as_json_document:
        return as_json(told)
    rows = [
        (
            t.label,
            t.touchpoint_group,
            ", ".join(t.sources),
            "hidden" if t.hidden else t.kind,
            t.events,
            t.persons,
            ", ".join(t.names[:NAMES_SHOWN]) + (" ..." if t.names_total > NAMES_SHOWN else ""),
        )
        for t in told
    ]
    as_table(("touchpoint", "group", "sources", "kind", "events", "persons", "stands for"), rows)
    return None


@dictionary.command("rename")
def rename(
    context: typer.Context,
    label: Label,
    new_label: Annotated[str, typer.Argument(help="The new one.")],
) -> None:
    """Call a touchpoint something else."""
    edit(context.obj, lambda store: rules.rename(store, label, new_label))
    PEOPLE.print(f"'{label}' is now '{new_label}'.", markup=False)


@dictionary.command("merge")
def merge(
    context: typer.Context,
    labels: Annotated[list[str], typer.Argument(help="Those to merge.")],
    into: Annotated[str, typer.Option(help="What they are shown as.")],
) -> None:
    """Show several touchpoints as one."""
    edit(context.obj, lambda store: rules.merge(store, labels, into))
    PEOPLE.print(f"{len(labels)} touchpoints are now '{into}'.", markup=False)


@dictionary.command("hide")
def hide(context: typer.Context, label: Label) -> None:
    """Leave a touchpoint out of journeys; its events stay."""
    edit(context.obj, lambda store: rules.hide(store, label))
    PEOPLE.print(f"'{label}' is left out of journeys.", markup=False)


@dictionary.command("show")
def show(context: typer.Context, label: Label) -> None:
    """Take a hidden touchpoint back into journeys."""
    edit(context.obj, lambda store: rules.show(store, label))
    PEOPLE.print(f"'{label}' stands in journeys again.", markup=False)


@dictionary.command("rules")
def list_rules(context: typer.Context, as_json_document: Json = False) -> None:
    """Show your rules in the order in which they are tried."""
    told = rules.list_rules(context.obj.read())
    if as_json_document:
        return as_json(told)
    as_table(
        ("rule", "pattern", "shown as", "group", "hidden"),
        [(r.position, r.pattern, r.label, r.touchpoint_group, r.hidden or None) for r in told],
    )
    return None


@dictionary.command("rule")
def set_rule(
    context: typer.Context,
    pattern: Annotated[
        str, typer.Argument(help="A glob: `/blog/*` of addresses, `Email*` of labels.")
    ],
    label: Annotated[str | None, typer.Option(help="What it is shown as.")] = None,
    group: Annotated[str | None, typer.Option(help="The group it belongs to.")] = None,
    hidden: Annotated[bool, typer.Option("--hidden", help="Leave it out of journeys.")] = False,
) -> None:
    """Add a rule, or replace the one with this pattern."""
    rule = edit(
        context.obj,
        lambda store: rules.set_rule(
            store, pattern, label=label, touchpoint_group=group, hidden=hidden
        ),
    )
    PEOPLE.print(f"Rule {rule.position}: {rule.pattern}", markup=False)


@dictionary.command("unrule")
def remove_rule(
    context: typer.Context, position: Annotated[int, typer.Argument(help="The rule's number.")]
) -> None:
    """Remove a rule."""
    edit(context.obj, lambda store: rules.remove_rule(store, position))
    PEOPLE.print(f"Rule {position} is removed.")


@dictionary.command("propose")
def propose(
    context: typer.Context,
    take: Annotated[
        list[int] | None, typer.Option("--accept", help="Take these, by number.")
    ] = None,
    as_json_document: Json = False,
) -> None:
    """Show rules that the data suggests: pages to group, labels to merge."""
    workspace: Workspace = context.obj
    told = propose_rules(workspace.read())
    if as_json_document:
        return as_json(told)
    if wrong := [number for number in take or () if not 0 < number <= len(told)]:
        raise InvalidArgumentError(
            f"accept: there is no proposal {wrong[0]}; there are {len(told)}."
        )
    chosen = [told[number - 1] for number in take or ()]
    if chosen:

        def take_over(store: Store) -> None:
            for proposal in chosen:
                accept(store, proposal)

        edit(workspace, take_over)
    for number, proposal in enumerate(told, 1):
        mark = "taken" if proposal in chosen else f"{number}"
        PEOPLE.print(f"{mark}  {proposal.sentence}", markup=False)
    if not told:
        PEOPLE.print("The touchpoints read well as they are.")
    return None


@channels.callback()
def list_channels(context: typer.Context, as_json_document: Json = False) -> None:
    """Show your rules; what none of them names follows GA4's default channel grouping."""
    if context.invoked_subcommand:
        return None
    told = channel_rules.list_rules(context.obj.read())
    if as_json_document:
        return as_json(told)
    as_table(
        ("rule", "field", "pattern", "channel"),
        [(r.position, r.field, r.pattern, r.channel) for r in told],
    )
    return None


@channels.command("rule")
def set_channel(
    context: typer.Context,
    field: Annotated[str, typer.Argument(help="source, medium, campaign, referrer or channel.")],
    pattern: Annotated[str, typer.Argument(help="A glob.")],
    channel: Annotated[str, typer.Argument(help="The channel it means.")],
) -> None:
    """Add a rule, or replace the one with this field and pattern."""
    rule = edit(context.obj, lambda store: channel_rules.set_rule(store, field, pattern, channel))
    PEOPLE.print(
        f"Rule {rule.position}: {rule.field} = {rule.pattern} is {rule.channel}.", markup=False
    )


@channels.command("unrule")
def remove_channel(
    context: typer.Context, position: Annotated[int, typer.Argument(help="The rule's number.")]
) -> None:
    """Remove a rule."""
    edit(context.obj, lambda store: channel_rules.remove_rule(store, position))
    PEOPLE.print(f"Rule {position} is removed.")
