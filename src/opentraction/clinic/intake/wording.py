"""The words around the questions, from words.toml and its translations."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from opentraction.quantities.toml_file import parse_toml

_HERE = Path(__file__).parent


@cache
def words(language: str = "en") -> dict[str, dict[str, Any]]:
    """All of them by section and key. A language that is not there is a mistake of ours, so it raises."""
    name = "words.toml" if language == "en" else f"words.{language}.toml"
    return dict(parse_toml((_HERE / name).read_text("utf-8"), name).data)
