"""The page in AppTest: every state that a reader can meet."""

import threading
from pathlib import Path

import pytest

from assistant.answer import Answer
from tests.page import ask, events_csv, labels, loaded, open_page, scripted, words
from tools.journeys.definition import load_definition
from tools.store.workspace import Workspace


def test_an_empty_workspace_offers_the_sample_and_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(monkeypatch, tmp_path / "workspace")
    assert page.title[0].value == "See the trails your customers really take"
    assert "Try the sample company" in labels(page)
    assert len(page.file_uploader) == 1
    assert not page.chat_input
    assert not page.exception


def test_an_uploaded_file_is_previewed_imported_and_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(monkeypatch, tmp_path / "workspace")
    page.file_uploader[0].upload("events.csv", events_csv().encode())
    page.run()
    assert "Who did it: **user_id** · When: **timestamp** · What happened: **event**" in words(page)
    first = page.dataframe[0].value
    assert list(first["What"][:3]) == ["Home", "Pricing", "Signup"]
    page.button(key="import").click().run()
    assert "440 rows are in." in words(page)
    assert "From the first touch to Signup, within 30 days" in words(page)
    page.button(key="go-on").click().run()
    assert page.title[0].value == "What would you like to know?"
    assert not load_definition(Workspace(tmp_path / "workspace").read()).proposed
    assert not page.exception


def test_a_column_that_was_not_recognised_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(monkeypatch, tmp_path / "workspace")
    # q holds the names of events, but its name says nothing and every value is another one
    rows = "".join(f"u{n % 5},2026-01-0{n % 9 + 1},{n * 7}\n" for n in range(40))
    page.file_uploader[0].upload("odd.csv", f"user_id,timestamp,q\n{rows}".encode())
    page.run()
    assert "import" not in [button.key for button in page.button]
    correction = next(box for box in page.selectbox if (box.key or "").startswith("event-of-"))
    correction.select("q")
    page.run()
    assert "Import odd.csv" in labels(page)


def test_a_file_that_is_no_table_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(monkeypatch, tmp_path / "workspace")
    page.file_uploader[0].upload("noise.parquet", b"PAR1 and then nothing of the kind")
    page.run()
    assert "noise.parquet" in words(page)
    assert "import" not in [button.key for button in page.button]
    assert not page.exception


def test_an_import_while_another_process_writes_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "workspace")
    page = open_page(monkeypatch, workspace.path)
    page.file_uploader[0].upload("events.csv", events_csv().encode())
    page.run()
    with workspace.write():
        page.button(key="import").click().run()
    assert "is writing to this workspace" in words(page)
    assert len(page.file_uploader) == 1
    assert not page.exception


def test_data_can_be_added_later_and_the_same_file_adds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, lambda question: Answer(question, "Yes."))
    page = open_page(monkeypatch, loaded(tmp_path).path)
    page.button(key="add-data").click().run()
    page.file_uploader[0].upload("events.csv", events_csv().encode())
    page.run()
    assert "This file was imported before" in words(page)
    page.button(key="import").click().run()
    assert "0 rows are in." in words(page)
    assert "440 rows were known already." in words(page)
    page.button(key="go-on").click().run()
    assert page.chat_input


def test_the_sample_company_is_one_click_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.intake.SAMPLE_PERSONS", 400)
    page = open_page(monkeypatch, tmp_path / "workspace")
    page.button(key="try-sample").click().run(timeout=120)
    assert page.title[0].value == "Your data is in"
    page.button(key="go-on").click().run()
    assert page.chat_input
    assert not page.exception


def test_a_question_is_answered_with_chart_facts_rows_and_sql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(monkeypatch, loaded(tmp_path).path)
    ask(page, "How many people convert?")
    question, answer = page.chat_message
    assert question.markdown[0].value == "How many people convert?"
    assert answer.markdown[0].value.startswith("**")
    assert "How this was computed" in [panel.label for panel in answer.expander]
    assert "Conversion rate" in list(page.dataframe[0].value["What"])
    assert "scoped_journey" in page.code[0].value
    assert page.download_button[0].label.endswith("as CSV")
    assert not page.exception


def test_a_follow_up_is_asked_by_its_button_and_only_the_last_answer_has_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(monkeypatch, loaded(tmp_path).path)
    ask(page, "How many people convert?")
    offered = [button for button in page.button if (button.key or "").startswith("next-")]
    offered[0].click().run()
    assert len(page.chat_message) == 4
    assert page.chat_message[2].markdown[0].value == offered[0].label
    left = [button.key for button in page.button if (button.key or "").startswith("next-")]
    assert all("-1-" in str(key) for key in left)


def test_a_question_back_shows_its_choices_as_buttons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script(question: str) -> Answer:
        if question == "after pricing?":
            return Answer(
                question, "Which one?", choices=("After A?", "After B?"), kind="question_back"
            )
        return Answer(question, "Four.")

    assistant = scripted(monkeypatch, script)
    page = open_page(monkeypatch, loaded(tmp_path).path)
    ask(page, "after pricing?")
    assert "After B?" in labels(page)
    page.button(key="next-a-conversation-0-1").click().run()
    assert [question for question, _ in assistant.asked] == ["after pricing?", "After B?"]
    assert "**Four.**" in words(page)


def test_a_fault_is_a_calm_sentence_and_the_page_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script(question: str) -> Answer:
        if question == "break":
            raise RuntimeError("secret detail")
        return Answer(question, "All is well.")

    scripted(monkeypatch, script)
    page = open_page(monkeypatch, loaded(tmp_path).path)
    ask(page, "break")
    assert "Something went wrong on our side" in words(page)
    assert "secret detail" not in words(page)
    assert not page.exception
    ask(page, "and now?")
    assert "All is well." in words(page)


def test_a_damaged_workspace_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = loaded(tmp_path)
    newest = workspace.path / "generations" / f"{workspace.generation():08d}.duckdb"
    newest.write_bytes(b"no database")
    page = open_page(monkeypatch, workspace.path)
    assert "cannot be opened as a store" in words(page)
    assert not page.exception


def test_stop_ends_a_question_that_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def script(question: str) -> Answer:
        # the reader presses the button half a second into the question
        threading.Timer(0.5, lambda: assistant.stop("a-conversation")).start()
        assert assistant.stopped.wait(30)
        return Answer(question, "Stopped, as you asked.", kind="stopped")

    assistant = scripted(monkeypatch, script)
    page = open_page(monkeypatch, loaded(tmp_path).path)
    ask(page, "something long")
    assert "Stopped, as you asked." in words(page)
    assert "stop" not in [button.key for button in page.button]


def test_period_and_segment_go_with_the_next_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = scripted(monkeypatch, lambda question: Answer(question, "Yes."))
    page = open_page(monkeypatch, loaded(tmp_path).path)
    page.selectbox(key="period").select("Last 30 days").run()
    page.selectbox(key="filter-field").select("channel").run()
    page.multiselect(key="filter-values-channel").select("Email").run()
    page.button(key="filter-add").click().run()
    ask(page, "How many?")
    _, context = assistant.asked[0]
    # the newest event: person 87 began on 29 March, and person 89, who has two events, on the 31st
    assert context.since == "2026-03-01"
    assert context.until is None
    assert context.where == ("channel = Email",)
    page.button(key="filter-0").click().run()
    ask(page, "And now?")
    assert assistant.asked[1][1].where == ()


def test_new_data_from_elsewhere_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, lambda question: Answer(question, "Yes."))
    page = open_page(monkeypatch, loaded(tmp_path).path)
    loaded(tmp_path, events_csv(200))
    ask(page, "How many?")
    assert "New data: now 550 events of 200 people." in [toast.value for toast in page.toast]


def test_prices_pictures_and_links_in_an_answer_stay_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "From $5 to $9. ![x](http://other.example/?q=1) [y](http://other.example)"
    scripted(monkeypatch, lambda question: Answer(question, told))
    page = open_page(monkeypatch, loaded(tmp_path).path)
    ask(page, "How much?")
    shown = page.chat_message[1].markdown[0].value
    assert "\\$5" in shown
    assert "](" not in shown


def test_a_conversation_can_be_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = loaded(tmp_path).path
    page = open_page(monkeypatch, workspace)
    ask(page, "How many people convert?")
    page.button(key="new-conversation").click().run()
    assert not page.chat_message
    again = open_page(monkeypatch, workspace)
    entry = next(button for button in again.button if (button.key or "").startswith("open-"))
    entry.click().run()
    assert again.chat_message[0].markdown[0].value == "How many people convert?"
