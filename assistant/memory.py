"""What the assistant remembers: the data's vocabulary, and what was asked and answered before.

A Chroma folder that can be thrown away: the vocabulary is read from the store again when the data
has moved on, past findings from the conversations. Everything slow happens in one thread of its
own, a moment after an answer; no answer waits for it longer than a moment, no fault of it reaches
an answer, and a process that ends at once (`desirepath ask`) never begins it.
"""

import hashlib
import logging
import shutil
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlowError
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from assistant.embedding import Embedding, hashed

log = logging.getLogger(__name__)
Told = TypeVar("Told")
WAIT_SECONDS = 3.0
"""Longest time that an answer waits for the vocabulary's matches."""
BATCH = 1000
DELAY_SECONDS = 1.0
"""How long background work lets the answer at hand go first."""
NEAREST_VOCABULARY = 0.6
"""Cosine distance beyond which a name is no match."""
NEAREST_QUESTION = 0.5
REPEAT_DISTANCE = 0.1


@dataclass(frozen=True, slots=True)
class Term:
    """One name of the data."""

    kind: str
    """"touchpoint", "field", or the segment field that it is a value of."""
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One question that was answered before."""

    question: str
    sentence: str
    """The answer's first sentence."""
    conversation: str
    on: date
    distance: float = 1.0
    """Cosine distance to what is asked now."""

    @property
    def is_repeat(self) -> bool:
        """Whether the same was asked before, but for a word or two."""
        return self.distance <= REPEAT_DISTANCE


class Memory:
    """A workspace's memory in Chroma."""

    def __init__(
        self,
        folder: Path,
        *,
        embedding: Embedding | None = None,
        findings: Callable[[], Iterable[Finding]] = tuple,
    ) -> None:
        """Name the folder; nothing is opened yet.

        Args:
            folder: Chroma's folder.
            embedding: How texts become vectors; the local hashing function by default.
            findings: Where past findings are read from when the folder is opened.
        """
        self._folder = folder
        self._embedding = embedding or hashed()
        self._findings = findings
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="memory")
        self._client: Any = None
        self._generation: int | None = None
        self._rebuilt = 0
        self._ready = threading.Event()
        self._wanted = threading.Event()
        self._closed = threading.Event()

    def refresh(self, generation: int, terms: Callable[[], Iterable[Term]]) -> None:
        """Bring the vocabulary up to a generation of the data, in the background."""
        if generation != self._generation:
            self._generation = generation
            self._later(lambda: self._read_vocabulary(generation, terms))

    def vocabulary_matches(self, text: str, k: int = 5) -> tuple[Term, ...]:
        """Return the names of the data nearest to a text, nearest first; none when it takes long."""
        return self._soon(lambda: self._nearest_terms(text, k), ())

    def remember(self, finding: Finding) -> None:
        """Keep what was asked and answered, in the background."""
        self._later(lambda: self._write_findings([finding]))

    def recall(self, question: str, k: int = 3, *, outside: str = "") -> tuple[Finding, ...]:
        """Return what was asked before and is nearest to a question; waits for nothing.

        Args:
            question: What is asked now.
            k: At most so many.
            outside: A conversation to leave out.
        """
        if not self._ready.is_set():
            return ()
        return self._soon(lambda: self._nearest_findings(question, k, outside), ())

    def settle(self) -> None:
        """Wait until what was begun in the background is done."""
        self._wanted.set()
        self._worker.submit(lambda: None).result()

    def close(self) -> None:
        """Finish what was begun, drop what was not, and let go of the folder."""
        self._closed.set()
        self._wanted.set()
        self._worker.shutdown(wait=True, cancel_futures=True)
        if self._client is not None:
            self._client.close()
            self._client = None

    def _later(self, work: Callable[[], object]) -> Future[object]:
        return self._worker.submit(self._leisurely, work)

    def _leisurely(self, work: Callable[[], object]) -> None:
        self._wanted.wait(DELAY_SECONDS)
        if not self._closed.is_set():
            self._safely(work, None)

    def _soon(self, work: Callable[[], Told], otherwise: Told) -> Told:
        self._wanted.set()
        pending = self._worker.submit(self._safely, work, otherwise)
        try:
            return pending.result(timeout=WAIT_SECONDS)
        except TooSlowError:
            return otherwise

    def _safely(self, work: Callable[[], Told], otherwise: Told) -> Told:
        """Work on the folder; where it is broken, rebuild it once; whatever happens, go on."""
        for attempt in (1, 2):
            try:
                self._open()
                done = work()
                self._ready.set()
            except BaseException:
                log.exception("the memory in %s failed (try %d)", self._folder, attempt)
                self._throw_away()
            else:
                return done
        return otherwise

    def _open(self) -> None:
        if self._client is not None:
            return
        import chromadb  # noqa: PLC0415 - takes seconds, and not every answer needs it
        from chromadb.config import Settings  # noqa: PLC0415 - as above

        # Chroma keeps what failed to open under the path's spelling, so each try has its own.
        place = str(self._folder) + "/." * self._rebuilt
        self._client = chromadb.PersistentClient(
            place, settings=Settings(anonymized_telemetry=False)
        )
        self._write_findings(list(self._findings()))

    def _throw_away(self) -> None:
        """Forget everything on disk; it is built again from the store and the conversations."""
        client, self._client, self._generation = self._client, None, None
        if client is not None:
            client.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._rebuilt += 1

    def _collection(self, name: str) -> Any:  # noqa: ANN401 - chromadb's own type
        return self._client.get_or_create_collection(
            f"{name}-{self._embedding.name}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )

    def _read_vocabulary(self, generation: int, terms: Callable[[], Iterable[Term]]) -> None:
        collection = self._collection("vocabulary")
        if (collection.metadata or {}).get("generation") == generation:
            return
        self._client.delete_collection(collection.name)
        collection = self._collection("vocabulary")
        distinct = list(dict.fromkeys(terms()))
        for start in range(0, len(distinct), BATCH):
            batch = distinct[start : start + BATCH]
            collection.add(
                ids=[f"{term.kind}\n{term.name}" for term in batch],
                embeddings=self._embedding.embed([term.name for term in batch]),
                documents=[term.name for term in batch],
                metadatas=[{"kind": term.kind} for term in batch],
            )
        collection.modify(metadata={"generation": generation})

    def _nearest_terms(self, text: str, k: int) -> tuple[Term, ...]:
        found = self._nearest("vocabulary", text, k)
        return tuple(
            Term(str(told["kind"]), name)
            for name, told, distance in found
            if distance <= NEAREST_VOCABULARY
        )

    def _write_findings(self, told: list[Finding]) -> None:
        """Add the findings that are not kept yet."""
        collection = self._collection("finding")
        new = {_id(one): one for one in told}
        for kept in collection.get(ids=list(new), include=[])["ids"] if new else ():
            del new[kept]
        findings = list(new.values())
        if not findings:
            return
        collection.upsert(
            ids=list(new),
            embeddings=self._embedding.embed([one.question for one in findings]),
            documents=[one.question for one in findings],
            metadatas=[
                {
                    "sentence": one.sentence,
                    "conversation": one.conversation,
                    "on": one.on.isoformat(),
                }
                for one in findings
            ],
        )

    def _nearest_findings(self, question: str, k: int, outside: str) -> tuple[Finding, ...]:
        found = self._nearest("finding", question, k, {"conversation": {"$ne": outside}})
        return tuple(
            Finding(
                asked,
                str(told["sentence"]),
                str(told["conversation"]),
                date.fromisoformat(str(told["on"])),
                distance,
            )
            for asked, told, distance in found
            if distance <= NEAREST_QUESTION
        )

    def _nearest(
        self, name: str, text: str, k: int, where: dict[str, Any] | None = None
    ) -> list[tuple[str, dict[str, Any], float]]:
        collection = self._collection(name)
        if not collection.count():
            return []
        found = collection.query(
            query_embeddings=self._embedding.embed([text]),
            n_results=k,
            where=where,
            include=["documents", "metadatas", "distances"],
        )
        return list(
            zip(found["documents"][0], found["metadatas"][0], found["distances"][0], strict=True)
        )


def _id(one: Finding) -> str:
    return hashlib.sha256(f"{one.conversation}\n{one.question}\n{one.on}".encode()).hexdigest()
