"""Keys: from the environment or the system's keyring, and out of everything that is written."""

import base64
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from tools.errors import PullError, RefusedKeyError

SERVICE = "desirepath"
MASK = "***"
LOGGERS = (
    "dlt",
    "requests",
    "urllib3",
    "urllib3.connectionpool",
    "urllib3.util.retry",
    "sqlalchemy.engine.Engine",
)
SHORTEST = 4
"""A shorter secret is no secret, and masking it would garble every sentence."""


@dataclass(frozen=True, slots=True)
class KeyState:
    """Where one key of a source is, never what it is."""

    name: str
    """The environment variable."""
    found: str | None
    """`environment`, `keyring`, or None."""


class Keys(Mapping[str, str]):
    """A source's keys by name; shows its names only."""

    def __init__(self, told: Mapping[str, str]) -> None:
        """Hold keys."""
        self._told = dict(told)

    def __getitem__(self, name: str) -> str:
        return self._told[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)

    def __repr__(self) -> str:
        return f"Keys({', '.join(self._told)})"

    def mask(self, text: str, more: Iterable[str] = ()) -> str:
        """Return a text without the keys, in whatever form they stand in it."""
        secrets = [s for s in (*self._told.values(), *more) if len(s) >= SHORTEST]
        for secret in sorted(secrets, key=len, reverse=True):
            for form in {secret, quote(secret, safe=""), quote_plus(secret)}:
                text = text.replace(form, MASK)
        return self._without_basic(text)

    def _without_basic(self, text: str) -> str:
        told = ("", *self._told.values())
        for user in told:
            for secret in told:
                pair = base64.b64encode(f"{user}:{secret}".encode()).decode()
                text = text.replace(pair, MASK) if user or secret else text
        return text


def find_keys(
    source: str, names: Iterable[str], environment: Mapping[str, str] = os.environ
) -> Keys:
    """Return the keys that a source needs.

    Raises:
        RefusedKeyError: One is neither in the environment nor in the keyring.
    """
    told = {}
    for name in names:
        value = _from_environment(source, name, environment) or _from_keyring(source, name)
        if not value:
            raise RefusedKeyError(
                f"{source}: there is no key in {name}. Set that environment variable, or store the "
                f"key in the system's keyring with `desirepath sources keys {source} --store`."
            )
        told[name] = value
    return Keys(told)


def key_states(
    source: str, names: Iterable[str], environment: Mapping[str, str] = os.environ
) -> tuple[KeyState, ...]:
    """Return where each key of a source is."""
    states = []
    for name in names:
        if _from_environment(source, name, environment):
            states.append(KeyState(name, "environment"))
        else:
            states.append(KeyState(name, "keyring" if _from_keyring(source, name) else None))
    return tuple(states)


def store_key(source: str, name: str, value: str) -> None:
    """Put a key into the system's keyring.

    Raises:
        PullError: The system has none.
    """
    import keyring  # noqa: PLC0415 - only those who pull pay for it
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        keyring.set_password(SERVICE, f"{source}/{name}", value)
    except (KeyringError, RuntimeError) as fault:
        raise PullError(
            f"{name}: this system has no keyring to store it in ({type(fault).__name__}). "
            f"Set the environment variable {name} instead."
        ) from None


def variable_of(source: str, name: str) -> str:
    """Return the variable that is looked at first: two sources of one vendor have two keys."""
    own = "".join(letter if letter.isalnum() else "_" for letter in source).upper()
    return f"DESIREPATH_{own}_{name}"


@contextmanager
def quiet(keys: Keys) -> Iterator[None]:
    """Keep the keys out of the logs of the libraries that pull."""

    def masked(record: logging.LogRecord) -> bool:
        record.msg, record.args = keys.mask(record.getMessage()), ()
        return True

    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(masked)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(masked)


def _from_environment(source: str, name: str, environment: Mapping[str, str]) -> str | None:
    return environment.get(variable_of(source, name)) or environment.get(name) or None


def _from_keyring(source: str, name: str) -> str | None:
    import keyring  # noqa: PLC0415 - only those who pull pay for it
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password(SERVICE, f"{source}/{name}") or None
    except (KeyringError, RuntimeError):
        return None  # no keyring here: the sentence about the missing key says what to do
