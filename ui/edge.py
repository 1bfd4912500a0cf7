"""The page's edge: whatever goes wrong behind it is logged, and said in a sentence."""

import contextlib
import functools
import logging
import re
from collections.abc import Callable, Iterator
from typing import ParamSpec

import streamlit as st

from tools.errors import JourneyError

LOG = logging.getLogger("desirepath.page")
UNEXPECTED = (
    "Something went wrong on our side, and the details are in the log. "
    "Nothing was changed; please try again."
)
P = ParamSpec("P")


def sentence(error: BaseException) -> str:
    """Return an error as the reader should read it; one that nobody foresaw is logged."""
    if isinstance(error, JourneyError):
        LOG.info("told the reader: %s", error)
        return str(error)
    LOG.error("unexpected error", exc_info=error)
    return UNEXPECTED


def tell(error: BaseException) -> None:
    """Show an error as a calm note where the page stands."""
    with st.container(key=_fresh_key("trouble")):
        st.markdown(plain(sentence(error)))


@contextlib.contextmanager
def calm() -> Iterator[None]:
    """Show what goes wrong inside as a sentence; the rest of the page goes on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the page's edge catches everything
        tell(error)


def callback(act: Callable[P, None]) -> Callable[P, None]:
    """Make a widget's callback safe: its error is kept and told in the run that follows."""

    @functools.wraps(act)
    def safe(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the page's edge catches everything
            keep(error)

    return safe


def keep(error: BaseException) -> None:
    """Keep an error for `tell_kept` to show in this run or the next."""
    st.session_state.setdefault("troubles", []).append(sentence(error))


def tell_kept() -> None:
    """Show the errors that were kept."""
    for text in st.session_state.pop("troubles", []):
        with st.container(key=_fresh_key("trouble")):
            st.markdown(plain(text))


def plain(text: str) -> str:
    """Return text so that Markdown takes nothing of it for formulas, colours, links or pictures.

    Prices are no formulas, and a picture's address would be a way out of the page. Bold and
    italics stay.
    """
    text = re.sub(r"(\d) %", "\\1\N{NO-BREAK SPACE}%", text)
    text = re.sub(r"([$~])", r"\\\1", text).replace("](", "]\\(").replace("![", "!\\[")
    text = re.sub(r":(?=[A-Za-z][\w-]*\[)", r"\\:", text)
    return re.sub(r":(?=[A-Za-z][\w+/-]*:)", ":\u2060", text)


def _fresh_key(name: str) -> str:
    number = st.session_state.get("fresh", 0) + 1
    st.session_state["fresh"] = number
    return f"{name}-{number}"
