"""What stands around the words of consent, in the patient's language."""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path


@cache
def words(language: str) -> dict[str, str]:
    """All of them by name."""
    raw = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
    return {name: str(text) for name, text in raw[language].items()}


def month_in_words(moment: datetime, language: str) -> str:
    """`November 2026`, `noviembre 2026`."""
    return f"{words(language)['months'].split()[moment.month - 1]} {moment.year}"
