"""The match model: which fields are compared, and what agreement in each is worth.

Needs the extra `linking`; `linking` says so before it imports this module.
"""

import logging
from collections.abc import Callable
from typing import Any

import pandas as pd
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.comparison_level_creator import ComparisonLevelCreator

AGREEING = {
    "first_name": (0.80, 0.12, 0.08),
    "last_name": (0.88, 0.08, 0.04),
    "work": (0.55, 0.20, 0.07, 0.18),
    "phone": (0.70, 0.30),
    "city": (0.80, 0.20),
    "country": (0.95, 0.05),
    "first_day": (0.15, 0.25, 0.60),
}
"""How often the records of one person agree in full, in part, and not at all. Typing errors, short
forms of names and people who change jobs are much the same everywhere, and a model that learns them
from a few hundred people learns noise instead; agreement by chance differs, and is counted."""
BLOCKS = (
    ("last_name", "company"),
    ("last_name", "domain"),
    ("first_name", "last_name"),
    ("phone",),
)

LEVELS: dict[str, Callable[[], list[ComparisonLevelCreator]]] = {
    "first_name": lambda: [
        levels.NullLevel("first_name"),
        levels.ExactMatchLevel("first_name", term_frequency_adjustments=True),
        levels.CustomLevel(
            "jaro_winkler_similarity(first_name_l, first_name_r) >= 0.85 "
            "OR starts_with(first_name_l, first_name_r) OR starts_with(first_name_r, first_name_l)",
            "alike, or one begins with the other",
        ),
    ],
    "last_name": lambda: [
        levels.NullLevel("last_name"),
        levels.ExactMatchLevel("last_name", term_frequency_adjustments=True),
        levels.JaroWinklerLevel("last_name", 0.9),
    ],
    # The company's name and the address's domain say the same thing twice: the better one counts.
    "work": lambda: [
        levels.CustomLevel(
            "(domain_l IS NULL OR domain_r IS NULL) AND (company_l IS NULL OR company_r IS NULL)",
            "unknown",
        ).configure(is_null_level=True),
        levels.ExactMatchLevel("domain", term_frequency_adjustments=True),
        levels.ExactMatchLevel("company", term_frequency_adjustments=True),
        levels.JaroWinklerLevel("company", 0.9),
    ],
    "phone": lambda: [levels.NullLevel("phone"), levels.ExactMatchLevel("phone")],
    "city": lambda: [
        levels.NullLevel("city"),
        levels.ExactMatchLevel("city", term_frequency_adjustments=True),
    ],
    "country": lambda: [
        levels.NullLevel("country"),
        levels.ExactMatchLevel("country", term_frequency_adjustments=True),
    ],
    "first_day": lambda: [
        levels.NullLevel("first_day"),
        levels.CustomLevel("abs(first_day_l - first_day_r) <= 1", "within a day"),
        levels.CustomLevel("abs(first_day_l - first_day_r) <= 30", "within 30 days"),
    ],
}
COMPARED = tuple(LEVELS)
NO_PAIRS = ("unique_id_l", "unique_id_r", "match_weight")
NEEDED = {"work": ["company", "domain"]}


def score(people: pd.DataFrame, *, threshold: float, pairs: float, seed: int) -> pd.DataFrame:
    """Return pairs with `unique_id_l`, `unique_id_r`, `match_weight`, and `mw_...` per field.

    Args:
        people: One row per person; an id is its position.
        threshold: The least weight, in bits.
        pairs: How many pairs to look at for agreement by chance.
        seed: Of that sample.
    """
    differing = [name for name in COMPARED if people[NEEDED.get(name, [name])].nunique().max() > 1]
    blocks = [fields for fields in BLOCKS if people[list(fields)].notna().all(axis=1).any()]
    texts = {name: "string" for name in people.columns if name != "first_day"}
    table = people.astype(texts).assign(unique_id=range(len(people)))
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(name) for name in differing],
        blocking_rules_to_generate_predictions=[block_on(*fields) for fields in blocks],
        # About half of the people have a second record: of all pairs, one in as many as there are people.
        probability_two_random_records_match=1 / max(len(table), 2),
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=False,
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI()
    linker = Linker(database.register(table), settings, log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=seed)
    predicted = linker.inference.predict(threshold_match_weight=threshold)
    found = predicted.as_record_list()
    database.duckdb_con.close()
    return pd.DataFrame(found) if found else pd.DataFrame(columns=list(NO_PAIRS))


def _comparison(name: str) -> comparisons.CustomComparison:
    unknown, *told = LEVELS[name]()
    weighed: list[ComparisonLevelCreator | dict[str, Any]] = [unknown]
    for level, share in zip([*told, levels.ElseLevel()], AGREEING[name], strict=True):
        weighed.append(level.configure(m_probability=share))
    return comparisons.CustomComparison(weighed, output_column_name=name)
