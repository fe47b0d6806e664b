"""What a patient reads of forms and course in another language: `patient.es.toml`. English is in the data itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from opentraction.care.outcomes.days import MONTHS
from opentraction.care.outcomes.instrument import Instrument
from opentraction.care.outcomes.library import instruments
from opentraction.quantities.toml_file import parse_toml, read_text

_LABEL = re.compile(r"(<(text|title|desc)\b[^>]*>)([^<]*)(</\2>)")
_MONTH = re.compile(r"(\d{1,2}) (" + "|".join(MONTHS) + r")\b")
_MONTHS = {"es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic")}


def in_language(about: Instrument, language: str) -> Instrument:
    """The instrument as a patient reads it: names always, questions where they are ours."""
    words = _words(language).get("form", {}).get(about.id)
    if not words:
        return about
    bands = words.get("bands") or [text for _, text in about.bands]
    return replace(
        about,
        name=words["name"],
        short=words["short"],
        ask=words.get("ask", about.ask),
        bands=tuple((to, text) for (to, _), text in zip(about.bands, bands, strict=True)),
        items=tuple(replace(item, text=words.get(item.id, item.text)) for item in about.items),
    )


def only_in_english(about: Instrument, language: str) -> bool:
    """Whether its questions stay in the words of its authors."""
    return language != "en" and bool(about.items) and in_language(about, language).items == about.items


def picture_in(svg: str, language: str) -> str:
    """A picture of a course with its labels in the language. A label that nobody has translated stays as it is."""
    if language not in _MONTHS:
        return svg
    return _LABEL.sub(lambda found: found[1] + escape(say(unescape(found[3]), language)) + found[4], svg)


def say(label: str, language: str) -> str:
    """One whole label; days in it with the language's months."""
    dated = _MONTH.sub(lambda found: f"{found[1]} {_MONTHS[language][MONTHS.index(found[2])]}", label)
    for pattern, spanish in _labels(language):
        found = pattern.fullmatch(dated)
        if found:
            return spanish.format(*found.groups())
    return dated


@cache
def _labels(language: str) -> list[tuple[re.Pattern[str], str]]:
    told = _words(language)
    names = {re.escape(about.short): in_language(about, language).short for about in instruments().values()}
    names |= {one["said"]: one["spanish"] for one in told.get("label", [])}
    return [(re.compile(said, re.DOTALL), spanish) for said, spanish in names.items()]


@cache
def _words(language: str) -> Mapping[str, Any]:
    path = Path(__file__).with_name(f"patient.{language}.toml")
    return parse_toml(read_text(path), path.name).data if language.isalpha() and path.is_file() else {}
