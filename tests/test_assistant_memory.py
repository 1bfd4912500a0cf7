from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding import hashed
from assistant.memory import Finding, Memory, Term

TERMS = (
    Term("touchpoint", "Pricing page"),
    Term("touchpoint", "Sign-up completed"),
    Term("touchpoint", "Webinar registration"),
    Term("channel", "Paid Social"),
)
FINDING = Finding("Where do people drop off?", "Most leave at Pricing.", "a", date(2026, 11, 1))


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    told = Memory(tmp_path / "chroma")
    told.refresh(1, lambda: TERMS)
    yield told
    told.close()


def test_the_nearest_names_come_first(memory: Memory) -> None:
    assert memory.vocabulary_matches("webinar registrations")[0] == TERMS[2]
    assert memory.vocabulary_matches("social paid")[0] == TERMS[3]


def test_a_text_near_to_nothing_matches_nothing(memory: Memory) -> None:
    assert memory.vocabulary_matches("xylophone quintet") == ()


def test_the_vocabulary_moves_on_with_the_data(memory: Memory) -> None:
    memory.refresh(2, lambda: [Term("touchpoint", "Checkout")])
    assert memory.vocabulary_matches("checkout page") == (Term("touchpoint", "Checkout"),)
    assert memory.vocabulary_matches("webinar registrations") == ()


def test_a_generation_is_read_once_across_processes(memory: Memory, tmp_path: Path) -> None:
    memory.settle()
    memory.close()
    again = Memory(tmp_path / "chroma")
    again.refresh(1, lambda: [Term("touchpoint", "never read")])
    assert again.vocabulary_matches("pricing pages")[0] == TERMS[0]
    again.close()


def test_past_questions_are_recalled_outside_their_conversation(memory: Memory) -> None:
    memory.remember(FINDING)
    memory.settle()
    (found,) = memory.recall("where do people drop off")
    assert (found.question, found.sentence, found.on) == (
        FINDING.question,
        FINDING.sentence,
        FINDING.on,
    )
    assert found.is_repeat
    assert memory.recall("where do people drop off", outside="a") == ()
    assert memory.recall("How do channels compare?") == ()


def test_a_broken_folder_is_rebuilt_from_what_is_known(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "chroma"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_text("no database " * 1000)
    memory = Memory(folder, findings=lambda: [FINDING])
    memory.refresh(1, lambda: TERMS)
    assert memory.vocabulary_matches("pricing pages")[0] == TERMS[0]
    assert [found.question for found in memory.recall(FINDING.question)] == [FINDING.question]
    memory.close()
    assert "failed" in caplog.text


def test_a_memory_that_cannot_work_says_nothing_and_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    memory = Memory(tmp_path / "file" / "chroma")
    memory.refresh(1, lambda: TERMS)
    memory.remember(FINDING)
    assert memory.vocabulary_matches("pricing") == ()
    assert memory.recall("pricing") == ()
    memory.close()
    assert "the memory in" in caplog.text


def test_recall_waits_for_nothing(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "chroma")
    assert memory.recall("anything") == ()
    assert not (tmp_path / "chroma").exists()
    memory.close()


def test_hashed_vectors_are_the_same_always_and_of_length_one() -> None:
    embed = hashed().embed
    first, second = embed(["Pricing page", ""]), embed(["Pricing page", ""])
    assert np.array_equal(first, second)
    assert np.linalg.norm(first, axis=1) == pytest.approx([1.0, 1.0])
