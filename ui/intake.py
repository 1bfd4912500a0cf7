"""Taking files in on the page: upload, how they are understood, import, and the journey proposed."""

import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from tools import catalog
from tools.connectors.contract import ImportOptions
from tools.exhibit import exhibit
from tools.ingest import Progress
from tools.journeys.definition import JourneyDefinition, save_definition
from tools.journeys.intake import IntakeReport, take_in
from tools.narration.words import span
from tools.sample.company import generate
from tools.store.door import Store
from ui import charts, journey_form, preview, session
from ui.edge import callback, calm, keep, plain
from ui.tasks import Task

SAMPLE_PERSONS = 60_000
REASONS_SHOWN = 3
FILES, FOLDER = "Files", "A whole folder"
Import = Task[Progress | str, IntakeReport]
Report = Callable[[Progress | str], None]


@dataclass
class Intake:
    """What this page is taking in."""

    folder: Path
    """Where uploads wait; gone with the page."""
    uploads: dict[str, Path] = field(default_factory=dict)
    """Streamlit's file id -> the file on disk, under the name that the user knows."""
    under_way: Import | None = None
    report: IntakeReport | None = None
    """Of the import that has just ended, until the reader goes on."""
    first: bool = False
    """Whether the workspace was empty before it."""
    rounds: int = 0
    """Counts imports; a new one begins with an empty uploader."""


def state() -> Intake:
    """Return what this browser tab is taking in."""
    found = st.session_state.get("intake")
    if not isinstance(found, Intake):
        found = Intake(Path(tempfile.mkdtemp(prefix="desirepath-")))
        weakref.finalize(found, shutil.rmtree, found.folder, ignore_errors=True)
        st.session_state["intake"] = found
    return found


def is_first() -> bool:
    """Tell whether the first import is still under way, or its journey not yet looked at."""
    return state().first


def stage(store: Store) -> bool:
    """Show the import under way or the one just ended; False where there is neither."""
    now = state()
    if now.under_way is not None:
        _follow(now.under_way)
    elif now.report is not None:
        _ended(store, now.report)
    else:
        return False
    return True


def upload() -> list[Path]:
    """Let files be dropped; return where they wait, under the names that the user knows."""
    now = state()
    what = st.segmented_control(
        "What to add", [FILES, FOLDER], default=FILES, required=True, label_visibility="collapsed",
        key="upload-what",
    )  # fmt: skip
    folder = what == FOLDER
    told = st.file_uploader(
        "CSV, JSON, Parquet or Excel, also compressed",
        accept_multiple_files="directory" if folder else True,
        key=f"{'folder' if folder else 'files'}-{now.rounds}",
    )
    for file in told:
        if file.file_id not in now.uploads:
            place = now.folder / file.file_id / _inside(file.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.getbuffer())
            now.uploads[file.file_id] = place
    return [now.uploads[file.file_id] for file in told]


def _inside(name: str) -> Path:
    """Return an uploaded file's place below its own folder: the folders that it lay in may name its system."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
    return Path(*parts[-3:])


def offer(paths: list[Path]) -> None:
    """Show how uploaded files are understood, and let them be imported."""
    if paths:
        with calm():
            groups = preview.show(paths)
            if groups:
                st.button(
                    f"Import {preview.files_in_words(groups)}",
                    key="import",
                    type="primary",
                    on_click=callback(import_files),
                    args=(groups,),
                )


def import_files(groups: list[tuple[list[Path], ImportOptions]]) -> None:
    """Begin an import: one write per group of files that are read the same way."""
    workspace = session.workspace()

    def work(report: Report) -> IntakeReport:
        for paths, options in groups:
            done = take_in(workspace, paths, options, loaded_at=_now(), progress=report)
        return done

    _begin("your files", work)


def import_sample() -> None:
    """Begin to make the sample company and take it in."""
    workspace = session.workspace()

    def work(report: Report) -> IntakeReport:
        report("Making a year of exports of the sample company ...")
        with tempfile.TemporaryDirectory(prefix="desirepath-") as folder:
            generate(Path(folder), persons=SAMPLE_PERSONS)
            return take_in(
                workspace, [Path(folder)], ImportOptions(), loaded_at=_now(), progress=report
            )

    _begin("the sample company", work)


def show_under_way() -> None:
    """Say in the sidebar how far an import is while the reader goes on asking."""
    running = state().under_way
    if running is None or session.page().view == "data":
        return
    if running.finished:
        _settle(running)
        st.rerun()
    _how_far()


@st.fragment(run_every=2)
def _how_far() -> None:
    running = state().under_way
    if running is None or running.finished:
        st.rerun()
    else:
        report = running.latest()
        told = f" {pace(report)[1]}" if report else ""
        st.caption(plain(f"Importing {running.label}.{told}"))


def _begin(label: str, work: Callable[[Report], IntakeReport]) -> None:
    now = state()
    now.first = not session.holdings(session.workspace().read()).events
    now.under_way = Task(label, work)


def _follow(running: Import) -> None:
    st.markdown(f"Importing {running.label}. You can keep this page open and wait, it goes on.")
    bar = st.progress(0.0, "Beginning ...")
    for report in running.follow():
        share, text = pace(report)
        bar.progress(share, plain(text))
    _settle(running)
    st.rerun()


def _settle(running: Import) -> None:
    """Take note of how an import ended; whoever comes second finds it done."""
    now = state()
    if now.under_way is not running:
        return
    now.under_way = None
    now.rounds += 1
    try:
        now.report = running.result()
        _forget_uploads(now)
    except Exception as error:  # noqa: BLE001 - the page's edge catches everything
        now.first = False
        keep(error)


def _forget_uploads(now: Intake) -> None:
    for file_id in now.uploads:
        shutil.rmtree(now.folder / file_id, ignore_errors=True)
    now.uploads.clear()


def pace(report: Progress | str) -> tuple[float, str]:
    """Return the share of an import that is done, 0 to 1, and a line that says it."""
    if isinstance(report, str):
        return 0.0, report
    of_file = report.rows / report.rows_expected if report.rows_expected else 0.0
    share = min(1.0, (report.files_done + of_file) / max(1, report.files))
    if share >= 1:
        return 1.0, "All rows are read; building the journeys ..."
    seconds = report.seconds / share - report.seconds if share else 0.0
    left = f", about {span(seconds) if seconds >= 60 else f'{seconds:.0f} seconds'} left"
    return share, f"{report.file}: {report.step}, {report.rows_expected:,} rows{left}"


def _ended(store: Store, report: IntakeReport) -> None:
    held = session.holdings(store)
    taken = sum(file.rows_taken for file in report.ingest.files)
    known = sum(file.rows_duplicate for file in report.ingest.files)
    rejected = sum(file.rows_rejected for file in report.ingest.files)
    st.markdown(
        f"**{taken:,} rows are in.** The workspace now holds {held.events:,} events "
        f"of {held.persons:,} people."
        + (f" {known:,} rows were known already." if known else "")
        + (f" {rejected:,} rows could not be used." if rejected else "")
    )
    if rejected:
        st.caption(plain(f"Why, mostly: {_why(store)}. All of them stand under Sources."))
    _details(report)
    journey = session.known_definitions(store)[0]
    st.markdown("A journey, as your data suggests it:" if journey.proposed else "Your journey:")
    with st.container(key="journey-sentence"):
        st.markdown(plain(journey.sentence()))
    if report.hint:
        st.caption(plain(report.hint))
    with calm():
        _map(store)
    with st.container(horizontal=True):
        st.button("Start asking", key="go-on", type="primary", on_click=callback(_go_on))
        if st.button("Change the journey", key="change-proposed"):
            journey_form.dialog(journey.name)


def _map(store: Store) -> None:
    """Show all the journeys at a glance; questions come with the conversation."""
    shown = exhibit("flow", {}, catalog.call(store, "flow", {}))
    charts.draw(replace(shown.chart, questions={}), "intake-map")


def _why(store: Store) -> str:
    """Say for which reasons most rows could not be used."""
    rows = store.rows(
        "SELECT reason, count(*) AS rows FROM rejected_row GROUP BY reason "
        f"ORDER BY rows DESC, reason LIMIT {REASONS_SHOWN}"
    )
    return "; ".join(f"{reason} ({count:,})" for reason, count in rows)


def _details(report: IntakeReport) -> None:
    files = report.ingest.files
    with st.expander("File by file", type="compact", key="file-by-file"):
        st.dataframe(
            [
                {
                    "File": file.name,
                    "Read as": file.connector,
                    "Rows": file.rows_read,
                    "Taken": file.rows_taken,
                    "Known already": file.rows_duplicate,
                    "Rejected": file.rows_rejected,
                    "Note": file.error or ("imported before" if file.already_loaded else ""),
                }
                for file in files
            ],
            hide_index=True,
        )
        if report.ingest.rejects:
            st.dataframe(
                [
                    {"Line": r.line, "Field": r.field, "Reason": r.reason, "Row": r.raw}
                    for r in report.ingest.rejects
                ],
                hide_index=True,
            )


def _go_on() -> None:
    now = state()
    report, now.report, now.first = now.report, None, False
    session.page().view = "chat"
    if report is not None and report.journey.proposed:
        _confirm(report.journey)


def _confirm(proposal: JourneyDefinition) -> None:
    """Keep the proposed journey as the user's own, unless it was changed meanwhile."""
    workspace = session.workspace()
    known = {d.name: d for d in session.known_definitions(workspace.read())}
    now = known.get(proposal.name)
    if now is not None and now.proposed:
        with workspace.write() as store:
            save_definition(store, replace(now, proposed=False))
        session.page().generation = workspace.generation()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
