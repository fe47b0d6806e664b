"""The chart: hairline axes, lines with their names at their ends, phases along the top, moments marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from opentraction.drawing import layers
from opentraction.drawing.document import document
from opentraction.drawing.frame import make_frame
from opentraction.drawing.marks import Axis, Band, Marker, Series
from opentraction.drawing.palette import Theme

_X = Axis("time", clock=True)
_Y = Axis("force", "N")


def chart(  # noqa: PLR0913 - what a caller may say, all by name
    series: Sequence[Series],
    bands: Sequence[Band] = (),
    x: Axis = _X,
    y: Axis = _Y,
    size: tuple[int, int] = (960, 360),
    *,
    markers: Sequence[Marker] = (),
    title: str = "",
    description: str = "",
    theme: Theme = "page",
    strip: bool = False,
    margins: tuple[float, float] = (0.0, 0.0),
) -> str:
    """One chart as SVG text.

    Parameters
    ----------
    theme : "page", "standalone" or "print"
        `page` takes its colours from the page's custom properties, `standalone` brings them along (light and dark),
        `print` writes plain colours for paper.
    strip : bool
        No axes and no labels: the thin picture of a whole session.
    margins : (float, float)
        At least so much room left and right of the plot [px], so that charts one below the other line up.
    """
    frame = make_frame(series, bands, markers, x, y, size, theme, strip, margins=margins)
    followed = not strip and any(one.style == "measured" and one.y.size > 1 for one in series)
    layer = [
        layers.phases(frame, bands),
        "" if strip else layers.axes(frame),
        *(layers.line(frame, one, followed and one.style == "prescribed") for one in sorted(series, key=_depth)),
        layers.moments(frame, markers),
        "" if strip else layers.end_labels(frame, series),
    ]
    if not strip and not any(np.isfinite(one.y).any() for one in series):
        layer.append(layers.no_values(frame))
    size_drawn = (frame.width, frame.height)
    return document("".join(layer), size_drawn, title, description, frame.theme, frame.font)


def _depth(series: Series) -> int:
    """Bands lie under lines; the measured line lies on top."""
    return ("spine-band", "limit", "plain", "spine", "prescribed", "measured").index(series.style)
