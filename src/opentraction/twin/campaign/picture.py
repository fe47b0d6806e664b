"""One run drawn: force and what was prescribed, and beneath it what the drum did; where it broke and who said so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from opentraction.drawing import Axis, Marker, Series, chart
from opentraction.drawing.headed import EDGE, headed
from opentraction.drawing.palette import Theme
from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.session.chart import phase_bands
from opentraction.twin.campaign.draw import CLINICIAN
from opentraction.twin.campaign.faults import FAULTS
from opentraction.twin.campaign.judge import TICK, first_sign, press_of
from opentraction.twin.campaign.layers import GUARD_CAUSE, SPEED
from opentraction.twin.campaign.play import Trace

FloatArray = npt.NDArray[np.float64]
WIDTH, HEAD, ABOVE, BELOW = 960, 100, 340, 180
BEFORE, AFTER = 5.0, 15.0
"""[s] that are shown before the fault and after the first sign of it."""


def picture(trace: Trace, broken: tuple[str, ...], theme: Theme = "standalone") -> str:
    """SVG of one run around its fault."""
    first, last = span(trace)
    size = (WIDTH + 2 * EDGE, HEAD + ABOVE + BELOW + EDGE)
    verdict = "; ".join(broken) if broken else "nothing broken"
    lines = (in_words(trace), f"Simulated. Judged by the true force: {verdict}")
    part = slice(first, last)
    pictures = [(_force(trace, part, theme), HEAD), (_drum(trace, part, theme), HEAD + ABOVE)]
    return headed(heading(trace), lines, pictures, size, theme)


def heading(trace: Trace) -> str:
    """What broke, and when."""
    run = trace.scene.run
    what = " and ".join(FAULTS[n].words for n in run.faults) or "nothing breaks"
    return f"Run {run.number} of seed {run.seed}: {what}"


def in_words(trace: Trace) -> str:
    """Who lies there, and how it went on."""
    run, sign = trace.scene.run, _sign(trace)
    who = f"{run.mass:.0f} kg, {run.force} N, {run.couch} couch, in the phase '{v.PHASE_NAMES[run.phase]}'"
    if trace.played.onset < 0 and run.faults:
        return f"{who}; the fault never came"
    if sign < 0:
        return f"{who}; nobody ended it"
    cause = int(trace.told[sign, GUARD_CAUSE]) or int(trace.rows[sign, r.CAUSE])
    by = "guard" if trace.told[sign, GUARD_CAUSE] else "control"
    when = f" after {(sign - trace.played.onset) * TICK:.2f} s" if trace.played.onset >= 0 else ""
    return f"{who}; {by}{when}: {v.CAUSE_TEXTS[cause]}"


def span(trace: Trace) -> tuple[int, int]:
    """First and last tick to show: around the fault, or all of it."""
    onset, sign, length = trace.played.onset, _sign(trace), len(trace.rows)
    if onset < 0:
        return 0, length
    end = max(onset, sign if sign >= 0 else length)
    return max(0, onset - round(BEFORE / TICK)), min(length, end + round(AFTER / TICK))


def _sign(trace: Trace) -> int:
    return first_sign(trace.rows, trace.told, trace.rows[:, r.PHASE].astype(np.int64))


def _markers(trace: Trace) -> list[Marker]:
    run, onset = trace.scene.run, trace.played.onset
    made = []
    if onset >= 0 and run.faults:
        made.append(Marker(onset * TICK, FAULTS[run.faults[0]].name, "warning"))
    pressed = press_of(trace.scene, trace.rows[:, r.PHASE].astype(np.int64), onset)
    if pressed >= 0:
        made.append(
            Marker(pressed * TICK, "clinician's stop" if run.pressed == CLINICIAN else "patient's stop", "stop")
        )
    sign = _sign(trace)
    if sign >= 0:
        made.append(Marker(sign * TICK, "told", "alarm"))
    return made


def _force(trace: Trace, part: slice, theme: Theme) -> str:
    t: FloatArray = (np.arange(len(trace.rows)) * TICK)[part].astype(np.float64)
    rows = trace.rows[part]
    series = [
        Series(t, rows[:, r.PRESCRIBED], "prescribed", "prescribed"),
        Series(t, rows[:, r.TRUE_FORCE], "true force", "measured"),
    ]
    x, y = Axis("", low=float(t[0]), high=float(t[-1]), clock=True), Axis("force", "N", low=0.0)
    inside = [m for m in _markers(trace) if t[0] <= m.x <= t[-1]]
    bands = phase_bands(t, rows[:, r.PHASE].astype(np.float64))
    return chart(series, bands, x, y, (WIDTH, ABOVE), markers=inside, theme=theme, title="True force and prescription")


def _drum(trace: Trace, part: slice, theme: Theme) -> str:
    t = np.arange(len(trace.rows))[part] * TICK
    speed = 1e3 * trace.told[part, SPEED]
    x, y = Axis("time", low=float(t[0]), high=float(t[-1]), clock=True), Axis("asked of the drum, in is up", "mm/s")
    return chart([Series(t, speed, "drum", "measured")], (), x, y, (WIDTH, BELOW), theme=theme, title="Drum")
