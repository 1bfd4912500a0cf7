"""Planted effects: found or not, with what size, and covered by the interval or not.

Each effect is planted in as many small companies as there are seeds, and removed from as many; the
table says how often the analysis finds it, how often its 95 % interval holds the planted size, and
how often it is "found" where it is not. Run with `make truths`.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.planted_cases import CASES, NULLS, Found, Null, measure, measure_null

HEAD = "| effect | planted | answered by | found | mean size | interval covers it | answer names it | found when removed |"


@dataclass(frozen=True, slots=True)
class Job:
    """One company to be made and asked about."""

    case: int
    seed: int
    planted: bool


def run(job: Job) -> tuple[Job, Found]:
    return job, measure(CASES[job.case], job.seed, planted=job.planted)


def run_null(job: tuple[int, int]) -> tuple[int, Null]:
    return job[0], measure_null(NULLS[job[0]], job[1])


def table(told: list[tuple[Job, Found]]) -> Iterator[str]:
    yield HEAD
    yield "|---|---|---|---|---|---|---|---|"
    for number, case in enumerate(CASES):
        on = [found for job, found in told if job.case == number and job.planted]
        off = [found for job, found in told if job.case == number and not job.planted]
        sizes = [found.value for found in on if found.value is not None]
        mean = sum(sizes) / len(sizes) if sizes else float("nan")
        found = sum(each.found for each in on)
        covered = [each.covers for each in on if each.covers is not None]
        named = sum(each.named for each in on)
        wrong = f"{sum(each.found for each in off)} of {len(off)}" if off else "always told"
        yield (
            f"| {case.sentence} | {case.size:g} | {case.analysis} | {found} of {len(on)} | {mean:.3g} | "
            f"{sum(covered)} of {len(covered)} | {named} of {len(on)} | {wrong} |"
        )


def nulls(told: list[tuple[int, Null]]) -> Iterator[str]:
    yield "| where nothing has any effect | looked at, in all | called a finding | companies with any |"
    yield "|---|---|---|---|"
    for number, analysis in enumerate(NULLS):
        own = [null for place, null in told if place == number]
        yield (
            f"| {analysis} | {sum(null.looked_at for null in own):,} | "
            f"{sum(null.findings for null in own)} | "
            f"{sum(null.findings > 0 for null in own)} of {len(own)} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--only", default="", help="A case's analysis")
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    started = time.perf_counter()
    jobs = [
        Job(number, seed, planted)
        for seed in range(asked.seeds)
        for number, case in enumerate(CASES)
        for planted in (True, False)
        if asked.only in case.analysis and (planted or case.removed is not None)
    ]
    none = [(number, seed) for seed in range(asked.seeds) for number in range(len(NULLS))]
    with multiprocessing.get_context("forkserver").Pool(os.cpu_count()) as pool:
        told = pool.map(run, jobs, chunksize=4)
        empty = pool.map(run_null, [] if asked.only else none, chunksize=4)
    lines = [
        "# What is planted, and what is found",
        f"Written by `make truths` on {date.today():%Y-%m-%d}: seeds 0 to {asked.seeds - 1}, "  # noqa: DTZ011
        "each a small company made by `tests/planted.py`. *Found* means that the answer may state it: "
        "its interval leaves out no difference and q < 0.05. An interval of 95 % should cover about "
        "95 of 100. *Removed* is the same company with the effect taken out; a test at 5 % may find "
        "it in about 5 of 100.",
        "\n".join(table(told)),
        "\n".join(nulls(empty)),
    ]
    text = "\n\n".join(lines) + "\n"
    print(text)
    print(f"{len(told) + len(empty):,} companies in {time.perf_counter() - started:.0f} s")
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
