"""What three articles for patients say of spinal decompression, point by point, and what this software makes of each.

`points()` are I01 to I74 with verdict (built, corrected, answered), answer and pointers; `conflicts()` say where the
articles disagree and how that is settled; `resolve(pointer, ground)` proves that a pointer holds.
"""

from __future__ import annotations

from opentraction.care.articles.pointers import Ground, Pointer, resolve
from opentraction.care.articles.points import ARTICLES, VERDICTS, Conflict, Point, conflicts, points

__all__ = ["ARTICLES", "VERDICTS", "Conflict", "Ground", "Point", "Pointer", "conflicts", "points", "resolve"]
