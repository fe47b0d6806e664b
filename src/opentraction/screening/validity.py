"""How long a screening counts, from validity.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opentraction.quantities.toml_file import parse_toml

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Validity:
    """`intake_days` [d] for the full intake; `visit_hours` [h] for the check on the day."""

    intake_days: int
    visit_hours: int


@cache
def validity() -> Validity:
    """The shipped times."""
    top = parse_toml((_HERE / "validity.toml").read_text("utf-8"), "validity.toml")
    top.only("intake", "visit")
    return Validity(top.table("intake").count("days", 1, 366), top.table("visit").count("hours", 1, 24))
