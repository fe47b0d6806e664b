"""Draw docs/pictures/reduced-disc.svg from reduced-disc.json, which benchmarks/reduced_disc.py keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from opentraction.drawing.palette import css_variables, paint
from opentraction.drawing.svg import tag, text
from opentraction.drawing.ticks import number_text

DOCS = Path(__file__).parents[1] / "docs"
PLAYED = DOCS / "researcher" / "reduced-disc.json"
PICTURE = DOCS / "pictures" / "reduced-disc.svg"
ROWS = (("height, mm", 1, 1e3), ("pressure of the nucleus, MPa", 3, 1e-6), ("bulge, mm", 2, 1e3), ("water, ml", 4, 1e6))
COLUMNS = (("session", "a session of 45 minutes; minutes", 60.0), ("day", "a day; hours", 3600.0))
WIDTH, HIGH, LEFT, TOP, GAP = 960, 130, 60, 116, 54


def picture() -> str:
    """Both discs on each other: a row for each reading, a column for each history."""
    played = json.loads(PLAYED.read_text("utf-8"))
    height = TOP + len(ROWS) * (HIGH + GAP) + 4
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
    told = tag("title", "The finite-element disc and the reduced one, through a session and a day they had not seen")
    told += tag("style", f":root {{ {css_variables()} }} {dark}")
    told += tag("rect", width=WIDTH, height=height, fill=paint("ground", "page"))
    told += text(
        14, 24, "The reduced disc on the disc of 20,000 unknowns", fill=paint("ink", "page"), font_size=20,
        font_weight=600,
    )  # fmt: skip
    told += _line(f"M{LEFT} 46h40", large=True) + text(LEFT + 50, 51, "by finite elements", fill=paint("ink", "page"))
    told += _line(f"M{LEFT + 210} 46h40", large=False) + text(LEFT + 260, 51, "reduced", fill=paint("ink", "page"))
    for column, (name, title, unit) in enumerate(COLUMNS):
        told += text(_left(column), 80, title, fill=paint("ink", "page"))
        for row, (what, index, scale) in enumerate(ROWS):
            told += _panel(played[name], (column, row), (what, index, scale), unit)
    return tag(
        "svg", told, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH, height=height, role="img", font_family="'IBM Plex Sans', system-ui, sans-serif", font_size=13,
    ) + "\n"  # fmt: skip


def _left(column: int) -> float:
    return LEFT + column * (WIDTH - LEFT) / 2


def _panel(run: dict[str, Any], place: tuple[int, int], reading: tuple[str, int, float], unit: float) -> str:
    """One reading through one history."""
    (column, row), (what, index, scale) = place, reading
    x0, y0, wide = _left(column), TOP + row * (HIGH + GAP), (WIDTH - LEFT) / 2 - 50
    values = [scale * one[index] for one in run["large"]]
    low, high, last = min(values), max(values), run["large"][-1][0]

    def path(rows: list[list[float]]) -> str:
        points = [
            f"{x0 + wide * one[0] / last:.1f} {y0 + HIGH * (high - scale * one[index]) / (high - low):.1f}"
            for one in rows
        ]
        return "M" + "L".join(points)

    muted = paint("muted", "page")
    said = tag("path", d=f"M{x0} {y0}V{y0 + HIGH}H{x0 + wide}", fill="none", stroke=paint("hairline", "page"))
    said += text(x0, y0 - 8, what, fill=paint("ink", "page"))
    for third in (1, 2, 3):
        said += text(
            x0 + wide * third / 3, y0 + HIGH + 16, f"{third * last / unit / 3:.0f}", fill=muted, text_anchor="end"
        )
    for value, y in ((high, y0 + 10), (low, y0 + HIGH)):
        said += text(x0 - 6, y, number_text(value, 0.01), fill=muted, text_anchor="end")
    return said + _line(path(run["large"]), large=True) + _line(path(run["reduced"]), large=False)


def _line(d: str, *, large: bool) -> str:
    """The one disc wide and pale, the other dashed on it."""
    if large:
        return tag("path", d=d, fill="none", stroke=paint("phase-strong", "page"), stroke_width=6)
    return tag("path", d=d, fill="none", stroke=paint("measured", "page"), stroke_width=1.6, stroke_dasharray="6 3")


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
