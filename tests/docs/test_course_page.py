"""The week of the docs is that of the example, and what is kept of it is what the model says of it."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from opentraction.app.cli import main
from opentraction.body.column.play import middle

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "course_page.py"))
KEPT = json.loads(SCRIPT["PLAYED"].read_text("utf-8"))


def test_the_example_is_played(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(SCRIPT["SCENARIO"]), "--samples", "1", "--at", "10min"]) == 0
    assert capsys.readouterr().out.count("supine") == 3 + 7


def test_a_week_has_three_sessions_of_half_an_hour() -> None:
    of = SCRIPT["scenario"]()
    spans, sessions = SCRIPT["spans"](of), SCRIPT["sessions"](of)
    assert spans[-1].end == 7 * 86400.0
    assert [one.begin / 86400.0 for one in sessions] == pytest.approx([1 / 3, 2 + 1 / 3, 4 + 1 / 3])
    assert {one.end - one.begin for one in sessions} == {1800.0}
    assert [one.stage.traction.force for one in sessions] == pytest.approx([0.45 * 75.0 * 9.80665] * 3)


def test_who_is_not_pulled_lives_the_same_days() -> None:
    of = SCRIPT["scenario"]()
    pulled, lying, up = (SCRIPT["arm"](of, name) for name in SCRIPT["ARMS"])
    assert pulled == of
    assert [one.duration for one in up.stages] == [one.duration for one in of.stages]
    assert [one.posture for one in lying.stages] == [one.posture for one in of.stages]
    assert not any(one.traction for one in (*lying.stages, *up.stages))
    assert sum(one.posture == "supine" for one in up.stages) == 7


def test_what_is_kept_is_what_the_model_says() -> None:
    """The typical body is inside the bands, but for moments; with a model that changed it would not be."""
    t = SCRIPT["times"](SCRIPT["scenario"]())
    assert KEPT["t"] == t.round(1).tolist()
    day = t[t <= 86400.0]
    seen = SCRIPT["read"]([middle(SCRIPT["scenario"](), day)])
    for what, spread in KEPT["week"].items():
        low, median, high = np.array(spread)[:, : day.size]
        assert np.mean((low <= seen[what][0]) & (seen[what][0] <= high)) > 0.95, what
        assert np.abs(seen[what][0] - median).mean() < 0.25 * (high - low).mean(), what


def test_what_the_page_says_in_short_is_in_what_is_kept() -> None:
    page = " ".join(SCRIPT["PAGE"].read_text("utf-8").split())
    at = np.searchsorted(KEPT["t"], 8.5 * 3600.0 + 599.0)
    lain, pulled = (KEPT[who]["stature"][1][at] for who in ("lying", "pull"))
    assert f"{lain:.1f} mm taller from having lain there, and {pulled:.1f} mm more" in page
    assert f"A night gives {KEPT['night']['stature'][1]:.1f} mm" in page
    assert f"at most {max(KEPT['weeks']['stature']):.3f} mm taller" in page
    opened = KEPT["pull"]["height"][1][int(np.searchsorted(KEPT["t"], 8.5 * 3600.0))]
    assert opened > 1.5
    assert f"L4-L5 {opened:.1f} mm higher: more than the 0.5 to 1.5 mm" in page
