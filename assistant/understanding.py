"""How the built-in analyst reads questions: the planner, with the data's vocabulary at hand."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.analyst import planner
from assistant.analyst.suggestions import suggestions
from assistant.analyst.vocabulary import Vocabulary, vocabulary_of
from assistant.answer import Context
from assistant.memory import Memory, Term
from assistant.plan import CallPlan, Plan
from tools.store.door import Store

KEY = "assistant.vocabulary"


class Understanding(Protocol):
    """What the assistant needs of whoever reads its questions."""

    def plan(
        self, store: Store, question: str, *, previous: CallPlan | None, context: Context
    ) -> Plan:
        """Return what a question asks for."""

    def suggestions(self, store: Store, context: Context) -> tuple[str, ...]:
        """Return first questions that the data can answer."""

    def refresh(self, store: Store) -> None:
        """Bring what is known of the data's names up to this generation."""


class Reader:
    """The planner over one workspace's data."""

    def __init__(self, memory: Memory) -> None:
        """Read questions with the help of a memory for names that nothing else matches."""
        self._memory = memory

    def plan(
        self, store: Store, question: str, *, previous: CallPlan | None, context: Context
    ) -> Plan:
        """Return what a question asks for.

        Raises:
            NoDataError: Nothing is loaded yet.
            UnknownJourneyError: The sidebar's journey is gone.
        """

        def nearest(text: str) -> Sequence[str]:
            self.refresh(store)
            return [term.name for term in self._memory.vocabulary_matches(text)]

        return planner.plan(
            question,
            vocabulary=_vocabulary(store, context.journey),
            previous=previous,
            context=context,
            nearest=nearest,
        )

    def suggestions(self, store: Store, context: Context) -> tuple[str, ...]:
        """Return first questions that the data can answer.

        Raises:
            NoDataError: Nothing is loaded yet.
            UnknownJourneyError: The sidebar's journey is gone.
        """
        return suggestions(_vocabulary(store, context.journey))

    def refresh(self, store: Store) -> None:
        """Bring what is known of the data's names up to this generation, in the background."""
        if store.generation:
            self._memory.refresh(store.generation, lambda: _terms(_vocabulary(store, None)))


def _vocabulary(store: Store, journey: str | None) -> Vocabulary:
    """Return the vocabulary of a generation under one journey; built once."""
    found = store.memory.get((KEY, journey))
    if not isinstance(found, Vocabulary):
        found = vocabulary_of(store, journey)
        if not store.writable:
            store.memory[(KEY, journey)] = found
    return found


def _terms(vocabulary: Vocabulary) -> Iterator[Term]:
    for label in vocabulary.touchpoints:
        yield Term("touchpoint", label)
    for field, values in vocabulary.segments.items():
        yield Term("field", field)
        for value in values:
            yield Term(field, value)
