"""The page of measured stops says what the code does today."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "stops.py"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def worst_of(page: str) -> list[str]:
    """The lines of the table of the worst."""
    part = page.partition("## The worst")[2].partition("##")[0]
    return [line for line in part.splitlines() if line.startswith("| ")]


def test_the_worst_figures_are_todays() -> None:
    script = runpy.run_path(str(SCRIPT))
    written, now = worst_of(script["PAGE"].read_text("utf-8")), worst_of(script["page"]())
    assert len(written) == len(now) == 6
    for old, new in zip(written, now, strict=True):
        said, found = (list(map(float, NUMBER.findall(line))) for line in (old, new))
        assert said == pytest.approx(found, rel=0.06), "run 'python scripts/stops.py'"
