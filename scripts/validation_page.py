"""Write docs/researcher/validation.md and its picture from validation.json; with --play, play all rows anew first."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from opentraction.app.commands.validate import document
from opentraction.body.column.validation import UNITS, published, validate
from opentraction.drawing.palette import css_variables, paint
from opentraction.drawing.svg import tag, text
from opentraction.quantities import Streams

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "researcher" / "validation.md"
PLAYED = DOCS / "researcher" / "validation.json"
PICTURE = DOCS / "pictures" / "validation.svg"
SAMPLES = 100

HEAD = """# Held against measurements

Written from `body/column/measurements.toml` by `scripts/validation_page.py --play`, which plays every row with {bodies}
bodies drawn from the spread of the parameters; `opentraction validate` does the same at your desk.

**{told}**

"Set by" rows were in sight when parameters were chosen; the others are predictions. "Blind" ones were written and
played before anything was changed for them: they tell how far the model generalises, and [what came out
then](played-blind.md) has a page of its own. A row counts as inside where the
median lies within one standard deviation of what was measured (the published range, or 30 % where neither is given); a
prediction also where the measured number lies in the model's 90 % band. "Memory" means that nobody here has read the
number in the paper yet; "weak" that it was read at second hand. One person, eight specimens, three patients: most of
what is known of spines rests on few.

![Each row's modelled median and 90 % band over what was measured](../pictures/validation.svg)
"""
TABLE = "| | measured | modelled, median and 90 % band | source |\n|---|---|---|---|"
WIDTH, LEFT, RIGHT, ROW, TOP = 960, 330, 30, 22, 56
SPAN = (-0.5, 3.0)


def page() -> str:
    """The page, misses first."""
    played = json.loads(PLAYED.read_text("utf-8"))
    rows = played["rows"]
    out = [HEAD.format(bodies=played["bodies"], told=played["sum"])]
    for title, inside in (("Outside", False), ("Inside", True)):
        some = [row for row in rows if row["inside"] is inside]
        if some:
            out += [f"\n## {title}\n", TABLE, *(_line(row) for row in some), ""]
    return "\n".join(out)


def _line(row: dict[str, Any]) -> str:
    unit = UNITS.get(last := row["observe"].rsplit("_", 1)[1], last) if not row["percent"] else "%"
    spread = f" ({row['low']:.3g} to {row['high']:.3g})"
    use = "set by" if row["use"] == "calibration" else "blind" if row["blind"] else "predicted"
    why = f" *{row['why']}*" if row["why"] and not row["inside"] else ""
    people = f", n = {row['people']}" if row["people"] else ""
    modelled = f"{row['median']:.3g} ({row['p5']:.3g} to {row['p95']:.3g}) {unit}"
    what = f"{row['what']} ({use}).{why}"
    return f"| {what} | {row['measured']:g}{spread} {unit} | {modelled} | {row['source']}{people}; {row['mark']} |"


def picture() -> str:
    """A line a row: the band and median of the model over the measured number, and the measured spread."""
    rows = json.loads(PLAYED.read_text("utf-8"))["rows"]
    rows = sorted(rows, key=lambda row: (row["inside"], row["use"]))
    height = TOP + ROW * len(rows) + 20
    marks = [_scale(height), *(_marks(row, TOP + ROW * (n + 0.5)) for n, row in enumerate(rows))]
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
    style = f":root {{ {css_variables()} }} {dark}"
    title = tag("title", "Modelled over measured, row by row") + tag("style", style)
    ground = tag("rect", width=WIDTH, height=height, fill=paint("ground", "page"))
    return tag(
        "svg", title + ground + "".join(marks), xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH, height=height, role="img", font_family="'IBM Plex Sans', system-ui, sans-serif", font_size=13,
    ) + "\n"  # fmt: skip


def _at(ratio: float) -> float:
    low, high = SPAN
    share = (min(max(ratio, low), high) - low) / (high - low)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _scale(height: float) -> str:
    ink, line = paint("muted", "page"), paint("hairline", "page")
    said = text(
        14,
        18,
        "modelled over measured; grey: measured, with its spread; full: predicted; hollow: set by; amber: outside",
        fill=ink,
    )
    for mark in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5):
        said += text(_at(mark), 40, f"{mark:g}", fill=ink, text_anchor="middle")
        strong = paint("prescribed", "page") if mark == 1.0 else line
        said += tag("path", d=f"M{_at(mark):.1f} 46V{height - 14}", stroke=strong, stroke_width=1)
    return said


def _marks(row: dict[str, Any], y: float) -> str:
    unit = row["measured"] or max(abs(row["low"]), abs(row["high"]))
    shift = 0.0 if row["measured"] else 1.0
    low, high, median, p5, p95 = (row[k] / unit + shift for k in ("low", "high", "median", "p5", "p95"))
    colour = paint("measured" if row["inside"] else "warning", "page")
    low, high = sorted((low, high))
    p5, p95 = sorted((p5, p95))
    said = text(LEFT - 14, y + 4, row["id"], text_anchor="end", fill=paint("ink", "page"))
    said += tag(
        "rect", x=_at(low), y=y - 6, width=max(_at(high) - _at(low), 1.0), height=12, fill=paint("phase-strong", "page")
    )
    said += tag("path", d=f"M{_at(p5):.1f} {y:.1f}H{_at(p95):.1f}", stroke=colour, stroke_width=3)
    if not SPAN[0] <= median <= SPAN[1]:  # its dot stands at the edge, with how far out it belongs
        aside, anchor = (-10, "end") if median > SPAN[1] else (10, "start")
        said += text(_at(median) + aside, y - 4, f"{median:.1f}", text_anchor=anchor, fill=paint("muted", "page"))
    hollow = row["use"] == "calibration"
    fill = paint("ground", "page") if hollow else colour
    return said + tag("circle", cx=_at(median), cy=y, r=5, fill=fill, stroke=colour, stroke_width=2)


def play() -> None:
    """Play all rows and keep what they came to."""
    outcomes = validate(published(), SAMPLES, Streams(0), lambda done, of: print(f"{done} of {of}", file=sys.stderr))
    PLAYED.write_text(json.dumps({"bodies": SAMPLES, **document(outcomes)}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if "--play" in sys.argv[1:]:
        play()
    PAGE.write_text(page(), "utf-8")
    PICTURE.write_text(picture(), "utf-8")
