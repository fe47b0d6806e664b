"""The patient's words in a second language: `<name>.es.toml` beside the file it translates, under the same keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from opentraction.care.home.exercises import FILES
from opentraction.care.home.files import HERE, load
from opentraction.care.home.words import ENGLISH, Texts

LANGUAGES: Final = {"en": "English", "es": "Español"}
_PLACES: Final = {
    "words": "{key}",
    "strings": "{key}",
    "rules": "{key}",
    "gates": "gate.{key}.text",
    "facts": "fact.{key}.ask",
    "stops": "stop.{key}",
    "poses": "picture.{key}",
    **{f"exercises/{name}": "exercise.{key}" for name in FILES},
}
"""Which key of `patient_texts()` a key of each file is."""


@cache
def home_texts(language: str) -> Texts:
    """The table of a language; English, which stands in the data itself, for one that is not there."""
    told: dict[str, str] = {}
    for name, place in _PLACES.items():
        if (HERE / f"{name}.{language}.toml").is_file():
            data = load(f"{name}.{language}.toml").data
            told |= {place.format(key=key): text for key, text in _leaves(data)}
    return told or ENGLISH


def _leaves(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield before + key, str(value)
