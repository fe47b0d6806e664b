"""How much of a durability test runs, and where its figure goes.

OPENTRACTION_KILLS=1000 runs each at its full figure; OPENTRACTION_FIGURES names a file that the figures are added to,
one JSON object a line.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

KILLS = int(os.environ.get("OPENTRACTION_KILLS", "0"))
FULL = KILLS >= 1000


def tell_figure(test: str, **figure: Any) -> None:
    """Add what was measured to the file that was named, if any."""
    place = os.environ.get("OPENTRACTION_FIGURES", "")
    if place:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"test": test, **figure}) + "\n")
