"""Write docs/quantities.md from the dictionary, so that page and software cannot disagree."""

from __future__ import annotations

from pathlib import Path

from opentraction.quantities import QUANTITIES, Quantity

PAGE = Path(__file__).parents[1] / "docs" / "quantities.md"
HEAD = """# Quantities

Written from `src/opentraction/quantities/dictionary.toml` by `make docs`; change it there.
The absolute range refuses, the recommended range warns. Console, control, guard, recording and report ask
the same entry. *Project* marks our own proposal; *from memory* marks a figure nobody has checked against its source.

| quantity | key | symbol | inside | absolute | recommended | source |
|---|---|---|---|---|---|---|
"""


def span(entry: Quantity, low: float, high: float) -> str:
    """Two ends in the display unit."""
    return f"{low / entry.factor:,.9g} to {high / entry.factor:,.9g} {entry.display_unit}".strip()


def row(entry: Quantity) -> str:
    """One line of the table."""
    bounds = entry.bounds
    cells = (
        entry.name,
        f"`{entry.key}`",
        entry.symbol,
        entry.unit or "–",
        span(entry, bounds.low, bounds.high),
        span(entry, bounds.recommended_low, bounds.recommended_high),
        entry.source,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def page() -> str:
    """The whole page."""
    return HEAD + "".join(row(entry) for entry in QUANTITIES.values())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
