"""Draw docs/pictures/disc.svg from disc.json, which `scripts/disc_convergence.py` marched."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from opentraction.drawing.palette import css_variables, paint
from opentraction.drawing.svg import polyline, tag, text

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts.disc_runs import DOCS, MARCHED, SEEN, Runs, errors, power

PICTURE = DOCS / "pictures" / "disc.svg"
WIDTH, HEIGHT, LEFT, GAP, TOP, DEEP = 960, 720, 70, 90, 50, 250
WIDE = (WIDTH - LEFT - GAP - 40) / 2
COLOURS = dict(zip(SEEN, ("measured", "ink", "prescribed", "spine"), strict=True))


def picture() -> str:
    """Nucleus pressure and height through a day and a pull above, errors over meshes and accuracies below."""
    kept = json.loads(MARCHED.read_text("utf-8"))
    below, right = TOP + DEEP + 90, LEFT + WIDE + GAP
    marks = [
        _course(kept["lives"], "day", "a day up, a night: nucleus [kPa] over hours", LEFT, TOP, 3600.0),
        _course(kept["lives"], "session", "300 N for 45 min: nucleus [kPa] over minutes", right, TOP, 60.0),
        _falling(kept["mesh"], "unknowns", "error [% of range] over unknowns of the mesh", LEFT, below),
        _falling(kept["time"], "relative", "error [% of range] over what a step is allowed", right, below),
    ]
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
    title = tag("title", "The disc through a day and a pull, and how exact it is")
    style = tag("style", f":root {{ {css_variables()} }} {dark}")
    ground = tag("rect", width=WIDTH, height=HEIGHT, fill=paint("ground", "page"))
    return tag(
        "svg", title + style + ground + "".join(marks), xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}", width=WIDTH, height=HEIGHT, role="img",
        font_family="'IBM Plex Sans', system-ui, sans-serif", font_size=13,
    ) + "\n"  # fmt: skip


VACUUM = -101.325
"""No water is below it for long: gas would grow, and these discs have none [kPa]."""


def _frame(said: str, x: float, y: float) -> str:
    ink, line = paint("ink", "page"), paint("hairline", "page")
    edge = tag("path", d=f"M{x:.1f} {y:.1f}V{y + DEEP:.1f}H{x + WIDE:.1f}", stroke=line, fill="none")
    return text(x, y - 18, said, fill=ink) + edge


def _course(lives: Runs, which: str, said: str, x: float, y: float, unit: float) -> str:
    """Pressure of both discs."""
    low, high, muted = -200.0, 700.0, paint("muted", "page")
    until = max(lives["healthy"]["curves"][which]["time"])
    out = _frame(said, x, y)
    empty = y + DEEP * (high - VACUUM) / (high - low)
    out += tag(
        "rect", x=x, y=empty, width=WIDE, height=y + DEEP - empty, fill=paint("warning", "page"), fill_opacity=0.15
    )
    aside, anchor = (x + 6, "start") if which == "day" else (x + WIDE - 6, "end")
    out += text(aside, y + DEEP - 8, "below vacuum: no such pressure", text_anchor=anchor, fill=muted)
    for tick in (-200, 0, 200, 400, 600):
        at = y + DEEP * (high - tick) / (high - low)
        out += text(x - 8, at + 4, f"{tick}".replace("-", "\N{MINUS SIGN}"), text_anchor="end", fill=muted)
        out += tag("path", d=f"M{x:.1f} {at:.1f}h{WIDE:.1f}", stroke=paint("hairline", "page"), stroke_width=0.5)
    for tick in np.linspace(0.0, until, 4):
        out += text(x + WIDE * tick / until, y + DEEP + 18, f"{tick / unit:g}", text_anchor="middle", fill=muted)
    for name, colour in (("healthy", "measured"), ("degenerate", "prescribed")):
        curve = lives[name]["curves"][which]
        xs = x + WIDE * np.array(curve["time"]) / until
        ys = y + DEEP * (high - np.array(curve["pressure"])) / (high - low)
        out += tag("path", d=polyline(xs, ys), stroke=paint(colour, "page"), stroke_width=2, fill="none")
        k = int(np.searchsorted(curve["time"], 0.45 * until))
        shift = -10 if name == "healthy" else 20
        out += text(float(xs[k]), float(ys[k]) + shift, name, text_anchor="middle", fill=paint(colour, "page"))
    return out


def _falling(runs: Runs, over: str, said: str, x: float, y: float) -> str:
    """Errors on two logarithmic scales, one line for each reading."""
    found, muted = errors(runs), paint("muted", "page")
    places = np.log10([runs[name][over] for name in found])
    first, last = (places.max(), places.min()) if over == "relative" else (places.min(), places.max())
    low, high = -4.0, 0.5
    out = _frame(said, x, y)
    for tick in (-4, -3, -2, -1, 0):
        at = y + DEEP * (high - tick) / (high - low)
        out += text(x - 8, at + 4, f"{10.0**tick:g}", text_anchor="end", fill=muted)
        out += tag("path", d=f"M{x:.1f} {at:.1f}h{WIDE:.1f}", stroke=paint("hairline", "page"), stroke_width=0.5)
    xs = x + 10 + (WIDE - 90) * (places - first) / (last - first)
    for at, name in zip(xs.tolist(), found, strict=True):
        value = runs[name][over]
        out += text(
            at, y + DEEP + 18, f"{value:,}" if over == "unknowns" else power(value), text_anchor="middle", fill=muted
        )
    ends = []
    for what in SEEN:
        value = np.array([max(error[what], 10.0**low) for error in found.values()])
        ys, colour = y + DEEP * (high - np.log10(value)) / (high - low), paint(COLOURS[what], "page")
        out += tag("path", d=polyline(xs, ys), stroke=colour, stroke_width=2, fill="none")
        ends.append((float(ys[-1]), what.split(" ")[0], colour))
    place = -np.inf
    for end, word, colour in sorted(ends):
        place = max(end + 4, place + 15)
        out += text(float(xs[-1]) + 8, place, word, fill=colour)
    return out


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
