"""Which words one group of texts uses more than another: log-odds with an informative prior."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from sklearn.feature_extraction.text import CountVectorizer

from tools.statistics.corrections import benjamini_hochberg

PRIOR = 500.0
"""How many words the prior counts for, spread like the words of all texts."""
WORD = r"(?u)\b[^\W\d_][^\W_]+\b"
FEWEST = 5
"""Texts that a term stands in to be looked at."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or two in a row, that one group uses more."""

    text: str
    texts: int
    """Texts of the group that hold it."""
    other_texts: int
    log_odds: float
    """Log odds ratio, group against others, drawn towards none by the prior."""
    z: float
    q_value: float
    """Two-sided, corrected over all terms looked at."""


def overused(texts: Sequence[str], others: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms that `texts` hold more than `others` do, the surest first.

    Each text counts a term once, however often it repeats it. Words without meaning of their own
    (English stop words) are left out.

    Source: Monroe, Colaresi and Quinn 2008, "Fightin' Words", equations 15, 16, 18 to 22.
    """
    if not texts or not others:
        return ()
    reader = CountVectorizer(
        binary=True,
        ngram_range=(1, 2),
        stop_words="english",
        min_df=min(FEWEST, len(texts) + len(others)),
        token_pattern=WORD,
    )
    try:
        counts = reader.fit_transform([*texts, *others])
    except ValueError:  # no term stands in enough texts
        return ()
    if counts.shape[1] < 2:  # with one word there is nothing to use more or less
        return ()
    own = np.asarray(counts[: len(texts)].sum(axis=0), np.float64).ravel()
    rest = np.asarray(counts[len(texts) :].sum(axis=0), np.float64).ravel()
    prior = PRIOR * (own + rest) / (own + rest).sum()
    odds = [np.log((mine + prior) / (mine.sum() + PRIOR - mine - prior)) for mine in (own, rest)]
    difference = odds[0] - odds[1]
    z = difference / np.sqrt(1 / (own + prior) + 1 / (rest + prior))
    q_values = benjamini_hochberg([float(p) for p in 2 * norm.sf(np.abs(z))])
    names = reader.get_feature_names_out()
    found = [
        Term(
            str(names[i]), int(own[i]), int(rest[i]), float(difference[i]), float(z[i]), q_values[i]
        )
        for i in np.argsort(-z, kind="stable")
        if z[i] > 0
    ]
    return tuple(found)
