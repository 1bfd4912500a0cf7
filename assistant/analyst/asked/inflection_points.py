"""What `inflection_points` is asked: all touchpoints, or one."""

from assistant.analyst.asked.scope import Told, counted, rest_seen
from assistant.analyst.reading import Reading, Touch
from assistant.analyst.vocabulary import Vocabulary


def asked(reading: Reading, _: Vocabulary) -> tuple[Told, list[Touch]]:
    """Return the arguments of `inflection_points`, and the touchpoints that they hold."""
    told = counted(reading, "top")
    about = [touch for touch in reading.plain() if not touch.is_end][:1]
    rest_seen(reading, about)
    if about:
        told["touchpoint"] = about[0].label
    return told, about
