"""Arrays in, SVG text out: one quiet chart for the console, the session's picture and the report.

Imports nothing of ours.
"""

from __future__ import annotations

from opentraction.drawing.chart import chart
from opentraction.drawing.marks import Axis, Band, Marker, Series
from opentraction.drawing.palette import PALETTE, css_variables

__all__ = ["PALETTE", "Axis", "Band", "Marker", "Series", "chart", "css_variables"]
