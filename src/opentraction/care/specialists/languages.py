"""What a patient reads of this room's data in another language: `words.<language>.toml` beside the data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from opentraction.quantities.toml_file import parse_toml, read_text

HERE = Path(__file__).parent


def spoken(text: str, language: str) -> str:
    """The text in this language; as it is where nobody has translated it."""
    return _words(language).get(text, text)


@cache
def _words(language: str) -> dict[str, str]:
    path = HERE / f"words.{language}.toml"
    if not language.isalpha() or not path.is_file():
        return {}
    return {key: str(text) for key, text in parse_toml(read_text(path), path.name).table("words").data.items()}
