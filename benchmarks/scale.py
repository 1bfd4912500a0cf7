"""A large company beside its peers: builds, refreshes, every analysis, memory, cost against size.

Each size runs in a process of its own (`large.py`), each peer in one of an environment of its own,
given with `--peers PYTHON`; `make scale` makes one and writes docs/scale.md. Every figure is seconds
on the clock and, behind it, seconds of processor, which tell the work where a machine is not idle.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

Told = dict[str, Any]
HERE = Path(__file__).parent
PEERS = ("duckdb", "chdb", "pm4py", "retentioneering")
SHARED = {
    "flow": ("transitions", "directly-follows graph"),
    "funnel": ("funnel of three",),
    "paths": ("path counts", "variants", "step matrix"),
}
"""Our analyses, and what the peers call the same question."""
FRAMED = 1_000_000
"""Events of which peers on data frames get all; at this size they stand beside ours."""
PROCESSORS = os.cpu_count() or 1
AIM_SECONDS, AIM_BUILD, AIM_REFRESH, AIM_MEMORY = 1.0, 2.5, 0.05, 4.0


def run(command: Sequence[str]) -> Told:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return told


def cell(taken: Sequence[float] | None) -> str:
    """Write seconds on the clock and, in brackets, of processor."""
    return f"{taken[0]:,.2f} ({taken[1]:,.2f})" if taken else ""


def times(taken: Sequence[float], other: Sequence[float] | None) -> str:
    """Write how many times another figure one is: on the clock, and of processor."""
    return f"{taken[0] / other[0]:.2f} ({taken[1] / other[1]:.2f})" if other else ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def building(told: Told, same: dict[int, dict[str, str]]) -> str:
    rows = [
        ["sort of the event table, as it stands", cell(told["sort"]), "1"],
        ["sort of the event table, shuffled", cell(told.get("sort_shuffled")), ""],
        [
            f"journeys and steps (aim: {AIM_BUILD} sorts)",
            cell(told["build"]),
            f"{times(told['build'], told['sort'])} sorts as it stands, "
            f"{times(told['build'], told.get('sort_shuffled'))} shuffled",
        ],
        [
            f"refresh after events of 1 % of the people (aim: {AIM_REFRESH:.0%} of the build)",
            cell(told["refresh"]),
            f"{times(told['refresh'], told['build'])} builds",
        ],
        [
            "most memory held, whole process",
            f"{told['peak_sort']:.1f} GB sorting, {told['peak_build']:.1f} GB building, "
            f"{told['peak']:.1f} GB answering",
            "",
        ],
        ["one generation of the store", f"{told['stored']:.2f} GB", ""],
    ]
    for events, compared in same.items():
        for setting, found in compared.items():
            rows.append([f"journeys and steps of {events:,} events, `{setting}`", found, ""])
    return table(["what", "seconds (of processor)", "beside"], rows)


def answering(told: Told, peers: dict[str, Told]) -> str:
    rows = []
    for name, taken in told["analyses"].items():
        if isinstance(taken, str):
            rows.append([name, taken, "", "", ""])
            continue
        beside = [
            f"{peer}, {question}: {cell(peers[peer][question])}"
            for peer in PEERS
            for question in SHARED.get(name, ())
            if question in peers.get(peer, {}) and peer in {"duckdb", "chdb"}
        ]
        met = "yes" if taken[1][0] < AIM_SECONDS else "no"
        if met == "no" and taken[1][1] / PROCESSORS < AIM_SECONDS:
            met = "if idle"
        again = cell(taken[1]) if taken[1] != taken[0] else "not asked, or no faster"
        rows.append([name, cell(taken[0]), again, met, "; ".join(beside)])
    head = ["analysis", "first", "again", f"under {AIM_SECONDS:.0f} s", "beside"]
    return table(head, rows)


def misses(told: Told, framed: Told | None, peers: dict[str, Told]) -> str:
    """Say what was aimed at and what was reached, on the clock and by processor."""
    slow = [
        f"{name} {taken[1][1] / PROCESSORS:.1f} s"
        for name, taken in told["analyses"].items()
        if not isinstance(taken, str) and taken[1][1] / PROCESSORS >= AIM_SECONDS
    ]
    over = sum(
        not isinstance(taken, str) and taken[1][0] >= AIM_SECONDS
        for taken in told["analyses"].values()
    )
    chdb = peers.get("chdb", {})
    beside = [
        f"{name} takes {times(told['analyses'][name][1], chdb[question])} times its {question}"
        for name, questions in SHARED.items()
        for question in questions
        if question in chdb
    ]
    loads = []
    for peer, found in peers.items():
        own = framed if framed and found.get("events") == framed["events"] else told
        if "load" in found:
            both = [a + b for a, b in zip(found["load"], found.get("build", [0, 0]), strict=True)]
            loads.append(f"{times(own['build'], both)} times that of {peer}")
    lines = [
        f"Build at most {AIM_BUILD} sorts: {times(told['build'], told['sort'])} sorts of the table as "
        f"it stands, {times(told['build'], told.get('sort_shuffled'))} of the table shuffled.",
        f"Build faster than each peer's load and build: {', '.join(loads) or 'not compared'}. Ours is "
        "without reading the file, theirs with it.",
        f"Refresh of 1 % under {AIM_REFRESH:.0%} of the build: "
        f"{100 * told['refresh'][0] / told['build'][0]:.2f} % "
        f"({100 * told['refresh'][1] / told['build'][1]:.2f} %).",
        f"Every analysis under {AIM_SECONDS:.0f} s: {over} of {len(told['analyses'])} over it on the "
        f"clock; over it even if idle processors shared the work: {', '.join(slow) or 'none'}.",
        f"Memory under {AIM_MEMORY:.0f} GB: the whole process held {told['peak_build']:.1f} GB building and "
        f"{told['peak']:.1f} GB answering.",
    ]
    if beside:
        lines.append(f"Ahead of chdb on what both answer: {', '.join(beside)}.")
    return "\n".join(f"- {line}" for line in lines)


def loading(told: Told, framed: Told | None, peers: dict[str, Told]) -> str:
    rows = [["Desirepath", f"{told['events']:,}", "journeys and steps", cell(told["build"])]]
    if framed:
        rows.append(["Desirepath", f"{framed['events']:,}", "build", cell(framed["build"])])
        rows += [
            ["Desirepath", f"{framed['events']:,}", name, cell(framed["analyses"][name][1])]
            for name in SHARED
            if name in framed["analyses"]
        ]
    for peer in PEERS:
        if failed := peers.get(peer, {}).get("failed"):
            rows.append([peer, "", "failed: " + failed, ""])
        for question, taken in peers.get(peer, {}).items():
            if question not in {"failed", "events", "peak"}:
                rows.append([peer, f"{peers[peer]['events']:,}", question, cell(taken)])
        if "peak" in peers.get(peer, {}):
            rows.append([peer, "", "most memory held", f"{peers[peer]['peak']:.1f} GB"])
    return table(["who", "events", "what", "seconds (of processor)"], rows)


def curve(sizes: Sequence[Told]) -> str:
    """Write cost against size as seconds of processor per million events: flat where it is linear."""
    names = ["sort", "build", "refresh", "scan"]
    analyses = [n for n, taken in sizes[0]["analyses"].items() if not isinstance(taken, str)]
    rows = []
    for name in [*names, *analyses]:
        line = [{"scan": "transitions, one group-by"}.get(name, name)]
        for told in sizes:
            taken = told[name] if name in names else told["analyses"].get(name, [None, None])[1]
            millions = told["events"] / 1e6
            line.append(
                f"{taken[0]:,.2f} ({1000 * taken[1] / millions:,.0f})" if taken is not None else ""
            )
        rows.append(line)
    for name, unit in (("peak_build", "memory, building"), ("stored", "store")):
        rows.append([unit, *(f"{told[name]:.1f} GB" for told in sizes)])
    return table(["what", *(f"{told['events'] / 1e6:.0f} million" for told in sizes)], rows)


def bends(sizes: Sequence[Told]) -> str:
    """Say what costs more per event at the largest size than at the size before."""
    before, last = sizes[-2], sizes[-1]
    ratio = last["events"] / before["events"]
    told = []
    for name in ("sort", "build", "refresh", "scan", *before["analyses"]):
        pair = [
            size[name] if name in size else size["analyses"].get(name, [None, None])[1]
            for size in (before, last)
        ]
        if all(isinstance(one, list) for one in pair):
            told.append((pair[1][1] / pair[0][1] / ratio, name))
    found = ", ".join(
        f"{name} {value:.1f} times" for value, name in sorted(told)[::-1] if value > 1
    )
    return (
        f"From {before['events'] / 1e6:.0f} to {last['events'] / 1e6:.0f} million, processor per "
        f"event: {found or 'nothing grows'}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000_000, 5_000_000, 50_000_000])
    parser.add_argument("--memory", default="3GB")
    parser.add_argument("--peers", help="A Python that has the peers installed")
    parser.add_argument("--write", type=Path, help="Markdown file for the tables")
    parser.add_argument("--note", default="", help="How this run came about, for the file")
    parser.add_argument("--keep", type=Path, help="JSON of figures, so that a run can go on later")
    asked = parser.parse_args()
    kept: dict[str, Told] = {}
    if asked.keep and asked.keep.exists():
        kept = json.loads(asked.keep.read_text(encoding="utf-8"))

    def told(name: str, command: Sequence[str]) -> Told:
        """Return a figure that is known, or measure it."""
        if name not in kept:
            kept[name] = run(command)
            print(f"{name}: {json.dumps(kept[name])}", flush=True)
            if asked.keep:
                asked.keep.write_text(json.dumps(kept), encoding="utf-8")
        return kept[name]

    sizes: dict[int, Told] = {}
    peers: dict[str, Told] = {}
    with tempfile.TemporaryDirectory() as folder:
        for events in dict.fromkeys([asked.events, *asked.sizes]):
            file = str(Path(folder) / f"{events}.parquet")
            what = "all" if events == asked.events else "some"
            command = [sys.executable, str(HERE / "large.py"), str(events), asked.memory, what]
            wanted = [file] if asked.peers and (what == "all" or events == FRAMED) else []
            sizes[events] = told(f"{events} {what}", [*command, *wanted])
            for peer in PEERS if asked.peers else ():
                framed = peer not in {"duckdb", "chdb"}
                if events == (min(FRAMED, asked.events) if framed else asked.events):
                    peers[peer] = told(peer, [asked.peers, str(HERE / "peers.py"), peer, file])
            Path(file).unlink(missing_ok=True)
    sizes = dict(sorted(sizes.items()))
    text = document(sizes, sizes[asked.events], peers, asked.memory, asked.note)
    print(text)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")


def document(
    sizes: dict[int, Told], told: Told, peers: dict[str, Told], memory: str, note: str
) -> str:
    worked = [size for size in sizes.values() if "failed" not in size]
    failed = [f"{n:,} events: {size['failed']}" for n, size in sizes.items() if "failed" in size]
    parts = [
        "# How fast, and where it bends",
        f"Written by `make scale` on {date.today()}: {PROCESSORS} processors, DuckDB "  # noqa: DTZ011
        f"{duckdb.__version__}, a memory limit of {memory} for the store. Every figure is seconds on "
        "the clock and, in brackets, of processor: where the clock tells much more than these divided by "
        "the processors, others were at work on the machine, and the ratios of processor are to be read. "
        "The company is made up: about ten events per person, 30 touchpoints, hardly two paths alike.",
        note,
        "## Aims, and what misses them",
        misses(told, sizes.get(FRAMED), peers),
        f"## Building, {told['events']:,} events",
        building(told, {size["events"]: size["same"] for size in worked if "same" in size}),
        "## Answering",
        "*First* is the first time in a process; *again* the better of that and a second time, with "
        "nothing remembered but names. What took 8 seconds of processor was asked once only, while "
        "peers were always asked twice. Arguments are the defaults, and three steps for the funnel. *If idle*: the "
        "processor's seconds, shared by all processors, would be under the aim, the clock's were not.",
        answering(told, peers),
        "## Peers",
        "Each loads the same events from Parquet. Those on data frames get a million events, beside "
        "ours of that size. The databases build steps, with their number, successor and gap, by windows; "
        "ours writes journeys, paths and visits besides, and with each step what its journey is.",
        loading(told, sizes.get(FRAMED), peers),
        "## Cost against size",
        "Seconds on the clock and, in brackets, milliseconds of processor per million events.",
        curve(worked),
        bends(worked) if len(worked) > 1 else "",
        *failed,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


if __name__ == "__main__":
    main()
