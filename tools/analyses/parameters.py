"""The types that analyses' parameters are declared with; the catalogue derives schemas from them."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from tools.journeys.definition import parse_duration


def _duration(told: object) -> object:
    return parse_duration(told) if isinstance(told, str) else told


def _listed(told: object) -> object:
    """Accept a list given as one text with commas or `>`, as people and models write it."""
    if isinstance(told, str):
        return tuple(part.strip() for part in told.replace(">", ",").split(",") if part.strip())
    return told


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "examples": ["48h", "30d"]}),
]
Touchpoints = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Top = Annotated[int, Field(ge=1, le=1000, description="How many rows to return")]
