"""Bring the page of what was played blind up to date: make docs.

What was first played stands in the page and is never written again; what the model says now comes from validation.json.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "researcher" / "played-blind.md"
PLAYED = ROOT / "docs" / "researcher" / "validation.json"
LINE = re.compile(
    r"^\| `([\w.-]+)` (\| [^|]+ \| [^|]+ \| (?:inside|outside) )\| [^|]+ \| (?:inside|outside) \|$",
    re.MULTILINE,
)
COUNT = re.compile(r"\*\*\d+ of \d+\*\* lie inside \(\d+ with the median\)")


def page() -> str:
    """The page as it should be. Raises KeyError for a row that is played no more."""
    now = {one["id"]: one for one in json.loads(PLAYED.read_text("utf-8"))["rows"]}
    text = PAGE.read_text("utf-8")
    rows = [now[match[1]] for match in LINE.finditer(text)]
    inside = sum(one["inside"] for one in rows)
    close = sum(one["low"] <= one["median"] <= one["high"] for one in rows)
    text = LINE.sub(lambda match: f"| `{match[1]}` {match[2]}{_now(now[match[1]])}", text)
    return COUNT.sub(f"**{inside} of {len(rows)}** lie inside ({close} with the median)", text)


def _now(one: dict[str, Any]) -> str:
    band = f"{one['median']:.3g} ({one['p5']:.3g} to {one['p95']:.3g})"
    return f"| {band} | {'inside' if one['inside'] else 'outside'} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
