"""A first journey definition, proposed from the names in the data."""

import re

from tools.journeys.definition import JourneyDefinition, Rule
from tools.journeys.touchpoints import touchpoints
from tools.store.door import Store

DEFAULT_NAME = "default"
GOALS = (
    # strongest first: money, then contracts, then sign-ups; several languages
    r"purchas\w*|\bbought\b|\bbuy\b|checkout (success|complete\w*)|transaction|\bkauf\w*|compra\w*|achat\w*|acquist\w*",
    r"subscri(be|bed|ption) (start\w*|creat\w*)|^subscri(be|bed|ption)$|subscription|abo(nnement)?\b",
    r"order (complete\w*|placed|confirm\w*|created)|^order$|bestell\w*|pedido|commande|ordine",
    r"(pay|paid|payment|charge|zahlung|pago|paiement|pagamento)\b(?!.*(detail|method|page|info|option))",
    r"deal won|closed won|contract signed|\bwon\b|deposit|donat\w*",
    r"conversion|converted|\bgoal\b",
    r"sign ?up (complete\w*|success\w*)|registration (complete\w*|success\w*)|registered|account created",
    r"sign ?up|register\w*|registr\w*|anmeld\w*|inscri\w*",
    r"demo (request\w*|booked)|trial (start\w*)|lead|form submi\w*",
)
NOT_A_GOAL = re.compile(
    r"error|fail|declin|cancel|refund|abandon|return|remind|page|view|click|open(ed)?$|received|"
    r"detail|unsubscrib|reject|chargeback|dismiss",
)
STEPS_TOWARDS = re.compile(r"start(ed)?$|begin|began|initiat")


def propose(store: Store) -> JourneyDefinition:
    """Propose first touch to the most purchase-like action; no end where nothing is like one.

    Among equally strong names the more frequent one wins. The definition is marked `proposed`
    until the user confirms or replaces it.
    """
    best: tuple[int, int, str] | None = None
    for rank, (_, label) in enumerate(touchpoints(store)):
        strength = _strength(label)
        if strength is not None and (best is None or (strength, rank) < best[:2]):
            best = (strength, rank, label)
    end = Rule((best[2],)) if best else Rule()
    return JourneyDefinition(DEFAULT_NAME, end=end, proposed=True)


def _strength(label: str) -> int | None:
    """Return how goal-like a name is (0 the strongest), or None."""
    words = " ".join(re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label))).lower()
    if NOT_A_GOAL.search(words):
        return None
    for strength, pattern in enumerate(GOALS):
        if re.search(pattern, words):
            towards = bool(STEPS_TOWARDS.search(words)) and not re.search(
                r"subscription|trial", words
            )
            return strength + (len(GOALS) if towards else 0)
    return None
