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
WIDTH, LEFT, RIGHT, ROW, TOP = 1180, 530, 40, 24, 112
LONGEST = 66
"""Letters of a row's words that fit beside its line."""
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
    """A line a row, in groups: band and median of the model over the measured number, and the measured spread."""
    rows = json.loads(PLAYED.read_text("utf-8"))["rows"]
    groups = {
        "Predicted, outside": [row for row in rows if not row["inside"] and row["use"] == "prediction"],
        "Set by, outside": [row for row in rows if not row["inside"] and row["use"] == "calibration"],
        "Predicted, inside": [row for row in rows if row["inside"] and row["use"] == "prediction"],
        "Set by, inside": [row for row in rows if row["inside"] and row["use"] == "calibration"],
    }
    marks, y = [], float(TOP)
    for name, some in groups.items():
        if not some:
            continue
        heading = text(14, y + 22, f"{name} ({len(some)})", fill=paint("ink", "page"), font_weight=600, font_size=16)
        lines = [_marks(row, y + 34 + ROW * (n + 0.5)) for n, row in enumerate(some)]
        marks += [heading, *lines]
        y += 34 + ROW * len(some) + 8
    height = round(y) + 12
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
    title = tag("title", "Modelled over measured, row by row")
    style = tag("style", f":root {{ {css_variables()} }} {dark}")
    ground = tag("rect", width=WIDTH, height=height, fill=paint("ground", "page"))
    return tag(
        "svg", title + style + ground + _scale(height) + "".join(marks), xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}", width=WIDTH, height=height, role="img",
        font_family="'IBM Plex Sans', system-ui, sans-serif", font_size=14,
    ) + "\n"  # fmt: skip


def _at(ratio: float) -> float:
    low, high = SPAN
    share = (min(max(ratio, low), high) - low) / (high - low)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _scale(height: float) -> str:
    ink, line = paint("muted", "page"), paint("hairline", "page")
    said = text(
        14, 32, "What the model says, as a multiple of what was measured", fill=paint("ink", "page"), font_size=22,
        font_weight=600,
    )  # fmt: skip
    said += _key(14, 60)
    for mark in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5):
        name = "measured" if mark == 1.0 else f"{mark:g} times"
        said += text(_at(mark), 98, name, fill=ink, text_anchor="middle")
        strong = paint("prescribed", "page") if mark == 1.0 else line
        said += tag("path", d=f"M{_at(mark):.1f} 106V{height - 14}", stroke=strong, stroke_width=1)
    return said


def _key(x: float, y: float) -> str:
    """What the signs mean."""
    ink, said = paint("ink", "page"), ""
    spread = tag("rect", x=x, y=y - 6, width=28, height=12, fill=paint("phase-strong", "page"))
    signs = (
        (spread, "measured, with its spread"),
        (_sign(x + 254, y, "measured", hollow=False), "median and 90 % band, inside"),
        (_sign(x + 530, y, "warning", hollow=False), "outside"),
        (_sign(x + 660, y, "measured", hollow=True), "set by this row"),
    )
    for (sign, words), at in zip(signs, (x + 38, x + 278, x + 554, x + 684), strict=True):
        said += sign + text(at, y + 5, words, fill=ink)
    return said


def _sign(x: float, y: float, colour: str, *, hollow: bool) -> str:
    """A dot; outside a square on its corner, so that it is told from the rest without its colour."""
    paints = {"fill": paint("ground" if hollow else colour, "page"), "stroke": paint(colour, "page"), "stroke_width": 2}
    band = tag("path", d=f"M{x - 14:.1f} {y:.1f}H{x + 14:.1f}", stroke=paint(colour, "page"), stroke_width=3)
    return band + _dot(x, y, colour == "warning", paints)


def _dot(x: float, y: float, outside: bool, paints: dict[str, Any]) -> str:
    if outside:
        return tag("path", d=f"M{x - 6.5:.1f} {y:.1f}l6.5 -6.5 6.5 6.5 -6.5 6.5Z", **paints)
    return tag("circle", cx=x, cy=y, r=5, **paints)


def _marks(row: dict[str, Any], y: float) -> str:
    unit = row["measured"] or max(abs(row["low"]), abs(row["high"]))
    shift = 0.0 if row["measured"] else 1.0
    low, high, median, p5, p95 = (row[k] / unit + shift for k in ("low", "high", "median", "p5", "p95"))
    colour = paint("measured" if row["inside"] else "warning", "page")
    low, high = sorted((low, high))
    p5, p95 = sorted((p5, p95))
    said = text(LEFT - 14, y + 5, _short(row["what"]), text_anchor="end", fill=paint("ink", "page"))
    said += tag(
        "rect", x=_at(low), y=y - 6, width=max(_at(high) - _at(low), 1.0), height=12, fill=paint("phase-strong", "page")
    )
    said += tag("path", d=f"M{_at(p5):.1f} {y:.1f}H{_at(p95):.1f}", stroke=colour, stroke_width=3)
    if not SPAN[0] <= median <= SPAN[1]:  # its sign stands at the edge, with how far out it belongs
        aside, anchor = (-12, "end") if median > SPAN[1] else (12, "start")
        far = f"{median:.1f} ({p5:.1f} to {p95:.1f}) times"
        said += text(_at(median) + aside, y + 5, far, text_anchor=anchor, fill=paint("ink", "page"))
    fill = paint("ground", "page") if row["use"] == "calibration" else colour
    paints = {"fill": fill, "stroke": colour, "stroke_width": 2}
    return said + _dot(_at(median), y, not row["inside"], paints)


def _short(words: str) -> str:
    """As much of it as fits, to the end of a word."""
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0].rstrip(",:") + " …"


def play() -> None:
    """Play all rows and keep what they came to."""
    outcomes = validate(published(), SAMPLES, Streams(0), lambda done, of: print(f"{done} of {of}", file=sys.stderr))
    PLAYED.write_text(json.dumps({"bodies": SAMPLES, **document(outcomes)}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if "--play" in sys.argv[1:]:
        play()
    PAGE.write_text(page(), "utf-8")
    PICTURE.write_text(picture(), "utf-8")
