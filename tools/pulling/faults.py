"""What went wrong with a vendor, in a sentence for the user."""

from collections.abc import Callable

import requests

from tools.errors import PullError, RefusedKeyError, RefusedRequestError, UnreachableSourceError

UNKNOWN, FORBIDDEN, NOT_FOUND, BUSY, BROKEN = 401, 403, 404, 429, 500
SHOWN = 200


def sentence(
    fault: Exception, where: str, host: str, keys: str, attempts: int, mask: Callable[[str], str]
) -> PullError:
    """Return an error that says what went wrong.

    Args:
        fault: What the library raised.
        where: The source and the endpoint.
        host: The vendor's.
        keys: The names of the source's keys.
        attempts: How often it was tried.
        mask: Takes keys out of a text.
    """
    if isinstance(fault, PullError):
        return type(fault)(mask(f"{where}: {fault}"))
    if isinstance(fault, requests.HTTPError):
        return _by_status(fault, where, keys, attempts, mask)
    if isinstance(fault, requests.ConnectionError | requests.Timeout):
        return UnreachableSourceError(
            f"{where}: {host} cannot be reached ({type(fault).__name__})."
        )
    return PullError(f"{where}: the answer could not be read: {mask(str(fault))[:SHOWN]}")


def _by_status(
    fault: requests.HTTPError, where: str, keys: str, attempts: int, mask: Callable[[str], str]
) -> PullError:
    status = status_of(fault)
    source, _, endpoint = where.partition(": ")
    shows = f"`desirepath sources keys {source}` shows where it is taken from."
    if status == FORBIDDEN:
        return PullError(
            f"{where}: the key in {keys} may not read this (HTTP 403): widen its rights, or leave "
            f"'{endpoint}' out of the source. {shows}"
        )
    if status == UNKNOWN:
        return RefusedKeyError(
            f"{where}: the key in {keys} was refused (HTTP 401): it has expired, was withdrawn, or "
            f"is mistyped. Renew it. {shows}"
        )
    if status == BUSY or status >= BROKEN:
        kind = "asks to slow down" if status == BUSY else "fails"
        return PullError(
            f"{where}: the vendor {kind} (HTTP {status}), {attempts} times over. "
            "What has landed is kept; the next sync goes on from there."
        )
    said = mask(_text(fault).strip().replace("\n", " "))[:SHOWN]
    return RefusedRequestError(f"{where}: the vendor refuses the request (HTTP {status}): {said}")


def status_of(fault: requests.HTTPError) -> int:
    """Return the HTTP status of a fault."""
    return 0 if fault.response is None else fault.response.status_code


def _text(fault: requests.HTTPError) -> str:
    return "" if fault.response is None else fault.response.text
