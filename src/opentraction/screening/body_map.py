"""The body chart: where and what may be marked, and the patterns that rules look for; from body_map.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opentraction.quantities.toml_file import parse_toml

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Pattern:
    """A named pattern on the body chart: any mark of these kinds, at these places."""

    places: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BodyMap:
    """Where and what may be marked on the body chart."""

    places: Mapping[str, str]
    kinds: Mapping[str, str]
    patterns: Mapping[str, Pattern]


@cache
def body_map() -> BodyMap:
    """The body chart's places, kinds and patterns."""
    top = parse_toml((_HERE / "body_map.toml").read_text("utf-8"), "body_map.toml")
    patterns = {
        name: Pattern(tuple(raw["places"]), tuple(raw["kinds"])) for name, raw in top.table("patterns").data.items()
    }
    return BodyMap(top.table("places").data, top.table("kinds").data, patterns)
