from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from assistant.embedding import embedding_from, hashed, in_folder, served
from assistant.memory import Finding, Memory, Term
from tests.openai_server import Reply, model_server
from tools.errors import InvalidArgumentError

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
    told.settle()
    yield told
    told.close()


def test_the_nearest_names_come_first(memory: Memory) -> None:
    assert memory.vocabulary_matches("webinar registrations")[0] == TERMS[2]
    assert memory.vocabulary_matches("social paid")[0] == TERMS[3]


def test_a_text_near_to_nothing_matches_nothing(memory: Memory) -> None:
    assert memory.vocabulary_matches("xylophone quintet") == ()


def test_the_vocabulary_moves_on_with_the_data(memory: Memory) -> None:
    memory.refresh(2, lambda: [Term("touchpoint", "Checkout")])
    memory.settle()
    assert memory.vocabulary_matches("checkout page") == (Term("touchpoint", "Checkout"),)
    assert memory.vocabulary_matches("webinar registrations") == ()


def test_a_generation_is_read_once_across_processes(memory: Memory, tmp_path: Path) -> None:
    memory.settle()
    memory.close()
    again = Memory(tmp_path / "chroma")
    again.refresh(1, lambda: [Term("touchpoint", "never read")])
    again.settle()
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
    memory.settle()
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


def test_an_embedding_server_can_be_asked(tmp_path: Path) -> None:
    with model_server([Reply()]) as server:
        memory = Memory(tmp_path / "chroma", embedding=served(server.url, "m", None, 2))
        memory.refresh(1, lambda: [Term("touchpoint", "aaa"), Term("touchpoint", "eee")])
        memory.settle()
        found = memory.vocabulary_matches("eeeee", 1)
        memory.close()
    assert found == (Term("touchpoint", "eee"),)


def test_an_embedding_server_that_is_gone_costs_the_matches_only(tmp_path: Path) -> None:
    with model_server([Reply()]) as server:
        url = server.url
    memory = Memory(tmp_path / "chroma", embedding=served(url, "m", None, 0.2))
    memory.refresh(1, lambda: TERMS)
    assert memory.vocabulary_matches("pricing") == ()
    memory.close()


def test_a_model_in_a_folder_can_be_used(tmp_path: Path) -> None:
    words = {"[UNK]": 0, "cost": 1, "pricing": 2, "video": 3}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))  # noqa: S106 - a word
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    vectors = np.array([[0, 0, 1], [1, 0.1, 0], [1, 0, 0], [0, 1, 0]], dtype="float32")
    (tmp_path / "model.onnx").write_bytes(lookup_model(vectors))
    cost, pricing, video = in_folder(tmp_path).embed(["cost", "pricing", "video pricing"])
    assert np.linalg.norm(video) == pytest.approx(1)
    assert cost @ pricing > 0.9 > video @ cost


@pytest.mark.parametrize("told", [{"folder": "/nowhere"}, {"colour": "red"}])
def test_an_embedding_that_is_not_there_is_told(told: dict[str, str]) -> None:
    with pytest.raises(InvalidArgumentError, match="memory: "):
        embedding_from(told, None)


def lookup_model(vectors: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> bytes:
    """Return an ONNX model that looks up one vector per token, written out by hand."""

    def number(value: int) -> bytes:
        told = b""
        while value > 127:
            told += bytes([value & 127 | 128])
            value >>= 7
        return told + bytes([value])

    def entry(field: int, value: bytes | str | int) -> bytes:
        if isinstance(value, int):
            return number(field << 3) + number(value)
        raw = value.encode() if isinstance(value, str) else value
        return number(field << 3 | 2) + number(len(raw)) + raw

    def tensor(name: str, kind: int, dimensions: int) -> bytes:
        shape = b"".join(entry(1, entry(2, f"{name}{n}")) for n in range(dimensions))
        return entry(1, name) + entry(2, entry(1, entry(1, kind) + entry(2, shape)))

    node = entry(1, "W") + entry(1, "input_ids") + entry(2, "vectors") + entry(4, "Gather")
    rows, columns = vectors.shape
    table = entry(1, rows) + entry(1, columns) + entry(2, 1) + entry(8, "W")
    graph = entry(1, node) + entry(2, "lookup") + entry(5, table + entry(9, vectors.tobytes()))
    graph += entry(11, tensor("input_ids", 7, 2)) + entry(12, tensor("vectors", 1, 3))
    return entry(1, 8) + entry(7, graph) + entry(8, entry(1, "") + entry(2, 13))
