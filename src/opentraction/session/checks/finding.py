"""One thing that was checked: what was seen, what is allowed, and whether that is well."""

from __future__ import annotations

from typing import Any, NamedTuple

from opentraction.table.port import Checked

MINUS = "\N{MINUS SIGN}"


class Finding(NamedTuple):
    """In words for people; `saw` and `allowed` carry their units."""

    name: str
    passed: bool
    saw: str
    allowed: str

    def document(self) -> dict[str, Any]:
        """For the log and the console."""
        return {"name": self.name, "passed": self.passed, "saw": self.saw, "allowed": self.allowed}

    def sentence(self) -> str:
        """For whoever asks why."""
        return f"{self.name} {self.saw} (allowed: {self.allowed})"


def within(name: str, value: float, low: float, high: float, unit: str, decimals: int = 1) -> Finding:
    """A number that has to lie from `low` to `high`; what is no number does not."""
    allowed = f"{low:g} to {high:g} {unit}" if low else f"at most {high:g} {unit}"
    saw = f"{value:.{decimals}f} {unit}"
    return Finding(name, low <= value <= high, saw.replace("-", MINUS), allowed.replace("-", MINUS))


def of_table(checked: Checked) -> Finding:
    """What a table found by itself."""
    return Finding(*checked)


def sentence(findings: list[Finding]) -> str:
    """What failed, in one sentence; empty where nothing did."""
    return "; ".join(one.sentence() for one in findings if not one.passed)
