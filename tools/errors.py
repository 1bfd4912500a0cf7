"""The error tree: every error that a user can meet.

JourneyError
├── StoreError                   the workspace cannot be read or written
│   ├── WorkspaceBusyError       another process is writing
│   ├── NewerWorkspaceError      written by a newer version
│   └── DamagedWorkspaceError    not a readable store
├── IngestError                  a file cannot be taken in
│   ├── UnreadableFileError      no table could be read from it
│   ├── UnmappedColumnError      person, time or event could not be told
│   └── NoUsableRowError         every row was rejected
├── PullError                    a source does not answer, or not as it should
│   ├── RefusedKeyError          a key is missing, has expired or was withdrawn
│   ├── RefusedRequestError      the vendor does not accept a request
│   └── UnreachableSourceError   nobody answers
├── QuestionError                what was asked does not fit the data
│   ├── UnknownTouchpointError
│   ├── UnknownJourneyError
│   ├── UnknownSegmentError
│   ├── UnknownAnalysisError
│   └── InvalidArgumentError
├── MissingExtraError            an optional package is not installed
└── NoDataError                  nothing is loaded yet, or nothing is in scope

The form of a message: what was asked, what is wrong, the nearest guess, what is known.
The same sentence serves the page, the command line and the model.
"""

from collections.abc import Iterable

from rapidfuzz import process, utils

KNOWN_SHOWN = 8


class JourneyError(Exception):
    """Base of every error whose message is meant for the user."""


class StoreError(JourneyError):
    """The workspace cannot be read or written."""


class WorkspaceBusyError(StoreError):
    """Another process holds the workspace for writing."""


class NewerWorkspaceError(StoreError):
    """The workspace was written by a newer version of Desirepath."""


class DamagedWorkspaceError(StoreError):
    """The store's file is damaged or is no store."""


class IngestError(JourneyError):
    """A file cannot be taken in."""


class UnreadableFileError(IngestError):
    """No table could be read from the file."""


class UnmappedColumnError(IngestError):
    """The person, time or event column could not be told."""


class NoUsableRowError(IngestError):
    """Every row of the file was rejected."""


class PullError(JourneyError):
    """A source cannot be pulled: it does not answer, or not as it should."""


class RefusedKeyError(PullError):
    """A key of the source is missing, has expired, or was withdrawn."""


class RefusedRequestError(PullError):
    """The vendor does not accept a request, such as a page's reference that ran out."""


class UnreachableSourceError(PullError):
    """Nobody answers at the source's address."""


class QuestionError(JourneyError):
    """What was asked does not fit the data."""


class UnknownTouchpointError(QuestionError):
    """A name matches no touchpoint of the store."""


class UnknownJourneyError(QuestionError):
    """A name matches no journey definition of the store."""


class UnknownSegmentError(QuestionError):
    """A segment field or value does not exist in the store."""


class UnknownAnalysisError(QuestionError):
    """A name matches no analysis of the catalogue."""


class InvalidArgumentError(QuestionError):
    """An argument is out of its range or of the wrong form."""


class MissingExtraError(JourneyError):
    """What was asked needs an optional package that is not installed."""


class NoDataError(JourneyError):
    """Nothing is loaded yet, or nothing is left in the scope asked for."""


def unknown(where: str, what: str, name: str, known: Iterable[str]) -> str:
    """Return the sentence for an unknown name: what was asked, nearest guess, what is known.

    Args:
        where: The argument that held the name.
        what: The kind of thing, e.g. "touchpoint".
        name: What was asked.
        known: All valid names, in the order to show them.
    """
    names = list(known)
    near = process.extractOne(name, names, processor=utils.default_process, score_cutoff=55)
    guess = f" Did you mean '{near[0]}'?" if near else ""
    more = len(names) - KNOWN_SHOWN
    shown = ", ".join(names[:KNOWN_SHOWN]) or "none yet"
    tail = f" (and {more} more)" if more > 0 else ""
    return f"{where}: no {what} '{name}'.{guess} Known: {shown}{tail}."
