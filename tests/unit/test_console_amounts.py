"""Figures on the console: rounded one way on the page and on the live page, a limit never upwards."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from opentraction.clinic.templatetags.amounts import clock, force, lasting, limit
from opentraction.quantities.units import FACTORS

UNITS_JS = Path(__file__).parents[2] / "src/opentraction/clinic/static/clinic/units.js"
POUND = FACTORS["force"]["lb"]


@pytest.mark.parametrize(
    ("newtons", "unit", "shown"),
    [
        (67.5 * POUND, "lb", "67 lb"),
        (67.99 * POUND, "lb", "67 lb"),
        (68.0 * POUND, "lb", "68 lb"),
        (round(40.0 * POUND, 3), "lb", "40 lb"),
        (180.9, "N", "180 N"),
        (9.80665 * 10.19, "kgf", "10.1 kgf"),
        (None, "N", "–"),
    ],
)
def test_a_limit_is_never_shown_higher_than_it_is(newtons: float | None, unit: str, shown: str) -> None:
    assert limit(newtons, unit) == shown


def test_a_half_goes_upwards_and_a_second_counts_when_it_is_over() -> None:
    assert [force(newtons, "N") for newtons in (0.5, 1.5, 2.5, 200.5, -0.2)] == ["1 N", "2 N", "3 N", "201 N", "0 N"]
    assert [clock(s) for s in (179.6, 180.0, 1790.6, None)] == ["2:59", "3:00", "29:50", "–"]
    assert [lasting(s) for s in (1790.6, 1800.0, 1800.0000001)] == ["29:51", "30:00", "30:00"]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node; the journeys look at the page itself")
def test_the_live_page_rounds_as_every_other_page() -> None:
    forces = [0.5, 1.5, 2.5, 66.72, 200.5, 300.254, 302.478]
    times = [0.0, 59.999, 179.6, 180.0, 1790.6]
    script = (
        f"import({json.dumps(UNITS_JS.as_uri())}).then(u => console.log(JSON.stringify(["
        f"{forces}.map(n => [u.force(n, 'N'), u.force(n, 'lb'), u.limit(n, 'lb')]), "
        f"{times}.map(s => [u.clock(s), u.lasting(s)])])))"
    )
    told = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True).stdout
    assert json.loads(told) == [
        [[force(n, "N"), force(n, "lb"), limit(n, "lb")] for n in forces],
        [[clock(s), lasting(s)] for s in times],
    ]
