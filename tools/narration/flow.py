"""Flow in sentences."""

from collections.abc import Callable, Sequence

from tools.analyses.flow import FlowResult
from tools.analyses.flow_parts import FlowLink, FlowNode, focal
from tools.narration.words import Narration, count, listed, of, percent

TIED_MOST = 3


def narrate(result: FlowResult) -> Narration:
    """Say the largest first, next or last step, and what became of the others."""
    focus = focal(result.nodes, result.view)
    if focus is None:
        return Narration(
            f"{_all(result)} converted with the very first step, so there is no way to follow.",
            caveats=result.caveats,
            follow_ups=("How many journeys convert?", "Which paths convert best?"),
        )
    tellers: dict[str, Callable[[FlowResult, FlowNode], tuple[str, tuple[str, ...]]]] = {
        "start": _start,
        "end": _end,
        "around": _around,
    }
    answer, support = tellers[result.view](result, focus)
    return Narration(
        answer, tuple(filter(None, support)), result.caveats, _follow_ups(result, focus)
    )


def _start(result: FlowResult, focus: FlowNode) -> tuple[str, tuple[str, ...]]:
    firsts = [link for link in result.rows if link.source_kind == "began"]
    largest = _largest(firsts, "target", "target_kind")
    if not largest:
        answer = _no_single("first step", focus.kind == "other", count(result.journeys, "journey"))
        return answer, (_conversion(result),)
    answer = (
        f"The most frequent first step is {_said(largest, 'target', result.journeys, 'share')}."
        if len(largest) == 1
        else f"The most frequent first steps are {_said(largest, 'target', result.journeys, 'share')}."
    )
    support: tuple[str, ...] = (_conversion(result),)
    if len(largest) == 1:
        support = (_next(result, focus), _outcomes(result, focus), _later(result, focus))
    return answer, support


def _end(result: FlowResult, _: FlowNode) -> tuple[str, tuple[str, ...]]:
    lasts = [link for link in result.rows if link.target_kind == "converted"]
    at_once = sum(link.journeys for link in lasts if link.source_kind == "began")
    largest = _largest(lasts, "source", "source_kind")
    if not largest:
        if at_once == result.journeys:
            return f"{_all(result)} converted with the very first step.", ()
        few = all(link.source_kind != "touchpoint" for link in lasts)
        shown = count(result.journeys, "converted journey")
        return _no_single("last step", few, shown), (_at_once(at_once),)
    said = _said(largest, "source", result.journeys, "share_of_target")
    form = "step before converting is" if len(largest) == 1 else "steps before converting are"
    before = ""
    if len(largest) == 1:
        name = largest[0].source
        origins = [
            link
            for link in result.rows
            if link.step == -2 and link.target == name  # to step -1
        ]
        came = _largest(origins, "source", "source_kind")
        if len(came) == 1:
            origin = _said(came, "source", largest[0].journeys, "share_of_target")
            before = f"The most frequent step before that is {origin}."
    return f"The most frequent last {form} {said}.", (before, _at_once(at_once))


def _around(result: FlowResult, focus: FlowNode) -> tuple[str, tuple[str, ...]]:
    name = result.anchor or focus.touchpoint
    nexts = [link for link in result.rows if _leaves(link, focus)]
    largest = _largest(nexts, "target", "target_kind")
    if not largest:
        answer = (
            f"{count(result.journeys, 'journey')} reached {name}: {_ended(focus)}, and "
            f"{focus.went_on:,} went on."
        )
        return answer, (_came_from(result, focus), _later(result, focus))
    form = "step is" if len(largest) == 1 else "steps are"
    after = f"the most frequent next {form} {_said(largest, 'target', focus.journeys, 'share')}"
    before = _largest([x for x in result.rows if _reaches(x, focus)], "source", "source_kind")
    if not before:
        answer = f"After {name}, {after}."
        return answer, (_outcomes(result, focus), _came_from(result, focus), _later(result, focus))
    said = _said(before, "source", focus.journeys, "share_of_target")
    answer = f"People come to {name} most often from {said}; after it, {after}."
    return answer, (_outcomes(result, focus), _began(result, focus), _later(result, focus))


def _no_single(what: str, few: bool, whole: str) -> str:
    """Say why no touchpoint is named: each has too few journeys, or too many are tied."""
    if few:
        return f"No touchpoint is the {what} of enough of the {whole} to be shown alone."
    return f"No {what} stands out: several are equally frequent among the {whole}."


def _all(result: FlowResult) -> str:
    shown = "converted journey" if result.view == "end" else "journey"
    return "The one " + shown if result.journeys == 1 else f"All {result.journeys:,} {shown}s"


def _leaves(link: FlowLink, node: FlowNode) -> bool:
    return (link.step, link.source_kind, link.source) == (node.step, node.kind, node.touchpoint)


def _reaches(link: FlowLink, node: FlowNode) -> bool:
    return (link.step + 1, link.target_kind, link.target) == (node.step, node.kind, node.touchpoint)


def _largest(links: Sequence[FlowLink], end: str, kind: str) -> list[FlowLink]:
    """Return the largest links to (or from) a touchpoint; none where too many are tied."""
    named = [link for link in links if getattr(link, kind) == "touchpoint"]
    most = max((link.journeys for link in named), default=0)
    tied = sorted(
        (link for link in named if link.journeys == most), key=lambda x: str(getattr(x, end))
    )
    return tied if len(tied) <= TIED_MOST else []


def _said(links: Sequence[FlowLink], end: str, whole: int, share: str) -> str:
    names = listed([str(getattr(link, end)) for link in links])
    first = links[0]
    each = "" if len(links) == 1 else " each"
    return (
        f"{names} ({of(first.journeys, whole, 'journey' if whole == 1 else 'journeys')}"
        f"{each}, {percent(getattr(first, share))})"
    )


def _next(result: FlowResult, focus: FlowNode) -> str:
    largest = _largest([x for x in result.rows if _leaves(x, focus)], "target", "target_kind")
    if not largest:
        return ""
    form = "step is" if len(largest) == 1 else "steps are"
    said = _said(largest, "target", focus.journeys, "share")
    return f"From there, the most frequent next {form} {said}."


def _ended(focus: FlowNode) -> str:
    return (
        f"{focus.exits:,} left there, {focus.converted:,} converted with the next step, "
        f"{focus.active:,} {'is' if focus.active == 1 else 'are'} still under way there"
    )


def _outcomes(result: FlowResult, focus: FlowNode) -> str:
    name = result.anchor or focus.touchpoint
    return f"Of the {count(focus.journeys, 'journey')} at {name}, {_ended(focus)}."


def _came_from(result: FlowResult, focus: FlowNode) -> str:
    into = [link for link in result.rows if _reaches(link, focus)]
    largest = _largest(into, "source", "source_kind")
    began = sum(link.journeys for link in into if link.source_kind == "began")
    parts = []
    if largest:
        said = _said(largest, "source", focus.journeys, "share_of_target")
        parts.append(f"the most frequent step before it is {said}")
    if began:
        parts.append(f"{count(began, 'journey')} began with it")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _began(result: FlowResult, focus: FlowNode) -> str:
    into = [link for link in result.rows if _reaches(link, focus)]
    began = sum(link.journeys for link in into if link.source_kind == "began")
    return f"{count(began, 'journey')} began with it." if began else ""


def _later(result: FlowResult, focus: FlowNode) -> str:
    """Say the conversion after the focus, against all shown where that is another group."""
    if focus.conversion_rate is None:
        return ""
    name = result.anchor or focus.touchpoint
    said = (
        f"{percent(focus.conversion_rate)} of the journeys that {_verb(result)} {name} convert: "
        f"{of(focus.mature_converted, focus.mature, 'old enough to judge')}"
    )
    if result.view == "start" and focus.mature != result.mature:
        return f"{said}, against {percent(result.conversion_rate)} of all."
    return f"{said}."


def _verb(result: FlowResult) -> str:
    return "begin at" if result.view == "start" else "reach"


def _conversion(result: FlowResult) -> str:
    if result.conversion_rate is None:
        return ""
    return (
        f"{percent(result.conversion_rate)} of them convert: "
        f"{of(result.mature_converted, result.mature, 'old enough to judge')}."
    )


def _at_once(journeys: int) -> str:
    if not journeys:
        return ""
    return f"{count(journeys, 'journey')} converted with the very first step."


def _follow_ups(result: FlowResult, focus: FlowNode) -> tuple[str, ...]:
    if result.view == "around":
        name = result.anchor
        return (f"Why do people leave after {name}?", f"Which paths contain {name}?")
    questions = ["Which paths convert best?", "Where do people drop off?"]
    if result.view == "start":
        named = [n for n in result.nodes if n.kind == "touchpoint" and n.step == focus.step]
        names = [named[0].touchpoint] if named else []
    else:
        lasts = [x for x in result.rows if x.target_kind == "converted"]
        names = [x.source for x in _largest(lasts, "source", "source_kind")[:1]]
    return (*(f"Where do people go after {name}?" for name in names), *questions)
