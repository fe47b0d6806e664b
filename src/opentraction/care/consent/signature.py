"""A signature drawn with finger, pen or mouse: a few strokes in a box, as the path of an SVG and nothing else."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from opentraction.quantities import BadInput, State

WIDTH: Final = 600
HEIGHT: Final = 200
LONGEST: Final = 12_000
"""Characters of a path. A long name drawn slowly has about 4000."""
_NUMBER = r"\d{1,3}"
_STROKE = rf"M{_NUMBER} {_NUMBER}(?:L{_NUMBER} {_NUMBER})+"
_PATH = re.compile(rf"(?:{_STROKE})+")


def checked_drawing(path: str) -> str:
    """The path, or nothing where nothing was drawn. Raises BadInput for anything but strokes inside the box."""
    if not path:
        return ""
    if len(path) > LONGEST or not _PATH.fullmatch(path):
        raise BadInput("drawn signature", State("not strokes"), f"strokes of up to {LONGEST} characters")
    corners = [(int(x), int(y)) for x, y in re.findall(r"(\d+) (\d+)", path)]
    if any(x > WIDTH or y > HEIGHT for x, y in corners):
        raise BadInput("drawn signature", State("outside its box"), f"strokes inside {WIDTH} by {HEIGHT}")
    return path


def drawing_hash(path: str) -> str:
    """What the consent says of the drawing; nothing where nothing was drawn."""
    return hashlib.sha256(path.encode()).hexdigest() if path else ""


def drawing_svg(path: str) -> str:
    """The drawing as a picture. Raises BadInput."""
    line = f'<path d="{checked_drawing(path)}" fill="none" stroke="#000" stroke-width="3" stroke-linecap="round"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{line}</svg>'
