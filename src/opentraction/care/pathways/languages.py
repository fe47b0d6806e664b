"""The roads in another language: each sentence of the data under its English words, in `pathways.<language>.toml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from opentraction.quantities.toml_file import parse_toml, read_text

Say = Callable[[str], str]


def english(text: str) -> str:
    """As it stands in the data."""
    return text


@cache
def say_in(language: str) -> Say:
    """What says a sentence in the language; one that nobody has translated is said in English."""
    path = Path(__file__).with_name(f"pathways.{language}.toml")
    if language == "en" or not language.isalpha() or not path.is_file():
        return english
    told = parse_toml(read_text(path), path.name).data
    patterns = [(re.compile(one["said"]), str(one["spanish"])) for one in told["pattern"]]

    def say(text: str) -> str:
        if text in told["say"]:
            return str(told["say"][text])
        found = next(((one, spanish) for one, spanish in patterns if one.fullmatch(text)), None)
        return found[1].format(*found[0].fullmatch(text).groups()) if found else text  # type: ignore[union-attr]

    return say
