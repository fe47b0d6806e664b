"""Predicted against recorded: travel over the pull, and beneath it how far apart the two are."""

from __future__ import annotations

import numpy as np

from opentraction.drawing import Axis, Series, chart
from opentraction.drawing.headed import EDGE, headed
from opentraction.drawing.palette import Theme
from opentraction.quantities.vocabulary import HOLD
from opentraction.session.chart import phase_bands
from opentraction.twin.own.band import band
from opentraction.twin.own.predicting import Compared, Predicted
from opentraction.twin.own.prior import FloatArray
from opentraction.twin.own.trace import STEP

WIDTH, HEAD, ABOVE, BELOW = 960, 72, 360, 170
BREATHS = 12.0
"""What lies beneath is smoothed over so long [s]."""


def picture(predicted: Predicted, seen: Predicted, compared: Compared, theme: Theme = "standalone") -> str:
    """SVG of a predicted session and what was recorded of it."""
    end = max(float(predicted.t[-1]), float(seen.t[-1]))
    size = (WIDTH + 2 * EDGE, HEAD + ABOVE + BELOW + EDGE)
    pictures = [
        (_travel(predicted, seen, end, theme), HEAD),
        (_apart(predicted, seen, end, theme), HEAD + ABOVE),
    ]
    return headed("Travel of the session, predicted and recorded", [in_words(compared)], pictures, size, theme)


def in_words(compared: Compared) -> str:
    """How near the two are."""
    said = f"Modelled. {100 * compared.inside:.0f} % of moments inside the 90 % band"
    if compared.holds:
        return f"{said}; the hold farthest off by {100 * compared.worst:.1f} % of its travel"
    return f"{said}; off by {100 * compared.overall:.1f} % of the largest travel, root mean square"


def _travel(predicted: Predicted, seen: Predicted, end: float, theme: Theme) -> str:
    low, middle, high = 1e3 * predicted.band()
    at = _last_hold(seen)
    series = [
        Series(predicted.t, low, "", "spine-band", high),
        Series(predicted.t, middle, "predicted", "prescribed", named_at=at),
        Series(seen.t, 1e3 * seen.travel[0], "recorded", "measured", named_at=at),
    ]
    bands = phase_bands(predicted.t, predicted.phase)
    x, y = Axis("", low=0.0, high=end, clock=True), Axis("travel from the pretension on", "mm")
    return chart(series, bands, x, y, (WIDTH, ABOVE), theme=theme, title="Travel, predicted and recorded")


def _apart(predicted: Predicted, seen: Predicted, end: float, theme: Theme) -> str:
    """Recorded less predicted, and the band about its middle, smoothed over breaths."""
    count = min(predicted.t.size, seen.t.size)
    t = predicted.t[:count]
    smooth = np.stack([_smooth(one[:count]) for one in predicted.travel])
    low, middle, high = band(smooth)
    apart = 1e3 * (_smooth(seen.travel[0, :count]) - middle)
    low, high = 1e3 * (low - middle), 1e3 * (high - middle)
    most = 1.15 * float(np.nanmax(np.abs(np.concatenate((apart, low, high, [0.5])))))
    series = [
        Series(t, low, "90 % band", "spine-band", high),
        Series(t, apart, "recorded", "measured"),
        Series(t, np.zeros(count), "predicted", "prescribed"),
    ]
    x, y = (
        Axis("time", low=0.0, high=end, clock=True),
        Axis("recorded less predicted, over breaths", "mm", low=-most, high=most),
    )
    return chart(series, (), x, y, (WIDTH, BELOW), theme=theme, title="Recorded less predicted, over breaths")


def _smooth(values: FloatArray) -> FloatArray:
    shape = np.hanning(round(BREATHS / STEP) + 2)[1:-1]
    known = np.isfinite(values)
    share = np.convolve(known.astype(float), shape, "same")
    mean = np.convolve(np.where(known, values, 0.0), shape, "same") / np.maximum(share, 1e-9)
    return np.where(known & (share > 0.3 * shape.sum()), mean, np.nan)


def _last_hold(seen: Predicted) -> float:
    """When both stand high: near the end of the last hold, else of what was recorded [s]."""
    held = np.flatnonzero(np.round(seen.phase) == HOLD)
    return float(seen.t[held[-round(2.0 / STEP)]]) if held.size > 2.0 / STEP else float(seen.t[-1])
