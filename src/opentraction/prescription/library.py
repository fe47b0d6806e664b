"""The published protocols that ship with OpenTraction, as prescription files with their sources."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent / "protocols"


def protocols() -> dict[str, Path]:
    """Name to file, in alphabetical order, of every shipped protocol."""
    return {path.stem: path for path in sorted(_FOLDER.glob("*.toml"))}
