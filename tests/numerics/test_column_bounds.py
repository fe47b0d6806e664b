"""Small, heavy and degenerate bodies and strong loads are told numbers that can be; a body without any is left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from opentraction.app.cli import main
from opentraction.body.column import play as playing
from opentraction.body.column.anatomy import DISCS, Size, disc_segment, upper_segment
from opentraction.body.column.chosen import Chosen, drawn, typical
from opentraction.body.column.living import Body, body_of
from opentraction.body.column.packed import HEIGHT, WEDGE
from opentraction.body.column.play import NotSolved, Seen, play, play_many
from opentraction.body.column.rims import add_rims
from opentraction.body.column.scenario import Scenario, Somebody, Specimen, Stage
from opentraction.body.column.wall import NARROW, sector
from opentraction.quantities.streams import Streams

FloatArray = npt.NDArray[np.float64]
MINUTES = 600.0
MANY = drawn(41, Streams(1))


def of_grade(grade: float, mass: float = 60.0, stature: float = 1.2) -> Somebody:
    return Somebody(mass, stature, 60.0, "female", (grade,) * len(DISCS))


@pytest.mark.parametrize("body", [3, 5, 7, 21, 22])
def test_small_degenerate_bodies_find_a_balance(body: int) -> None:
    """Where walls met in the middle of a disc, or a disc was hardly taller than its endplates, there was none."""
    seen = play(Scenario(of_grade(5.0), (Stage("sitting", MINUTES),)), np.array([MINUTES]), MANY[body])
    assert np.all(seen.posterior > 0.0)
    assert np.all((seen.pressure > 0.0) & (seen.pressure < 10e6))


def test_a_wall_pressed_flat_leaves_the_nucleus_some_room() -> None:
    """Slopes and curvature are the energy's where the inner wall would be past the middle."""
    wall = disc_segment(4, Size(grades=(5.0,) * len(DISCS)), typical()).wall
    at = np.array([0.3, 1e-4, 0.05, 1.0, 0.3 * wall.height])

    def slope(local: FloatArray) -> tuple[float, FloatArray, FloatArray, FloatArray]:
        g, h, v = np.zeros(5), np.zeros((5, 5)), np.zeros(5)
        return sector(0.7, 0.7, 0.125, local, 1e6, wall, g, h, v), g, h, v

    held, _, h, v = slope(at)
    assert 0.0 < held < NARROW**2 * 0.125 * wall.nucleus * 0.3
    for i in range(5):
        step = np.zeros(5)
        step[i] = 1e-6 if i not in {1, 4} else 1e-9
        up, down = slope(at + step), slope(at - step)
        assert v[i] == pytest.approx((up[0] - down[0]) / (2.0 * step[i]), rel=1e-4, abs=1e-12)
        found = (up[1] - down[1]) / (2.0 * step[i])
        for j in range(5):
            assert found[j] == pytest.approx(h[min(i, j), max(i, j)], rel=1e-3, abs=1e-4 * abs(h[i, i]) + 1e-9), (i, j)


@pytest.mark.parametrize("stature", [1.2, 1.72])
def test_a_thin_disc_has_some_nucleus_between_its_endplates(stature: float) -> None:
    c: dict[str, dict[str, float]] = {section: dict(ones) for section, ones in typical().items()}
    usual = upper_segment(Size(1.72), c)
    assert usual.nucleus.length == pytest.approx(0.5 * usual.wall.height - c["disc"]["endplate"], rel=1e-12)
    c["disc"]["endplate"] = 0.001
    thin = upper_segment(Size(stature, "female", (5.0,) * len(DISCS)), c)
    assert thin.nucleus.length >= 0.19 * thin.wall.height


def rims(q: FloatArray) -> tuple[FloatArray, FloatArray]:
    g, h = np.zeros(3), np.zeros((3, 3))
    add_rims(q, 0.006, 0.018, 0.026, 0.1, g, h)
    return g, h


@pytest.mark.parametrize("q", [(-0.0055, 0.1, 0.0), (-0.003, -0.12, 0.0), (-0.004, 0.05, 0.09), (-0.0058, 0.1, -0.05)])
def test_rims_that_meet_press_apart(q: tuple[float, float, float]) -> None:
    at = np.array(q)
    g, h = rims(at)
    assert g[0] < 0.0
    assert np.all(np.linalg.eigvalsh(h) > -1e-6 * np.abs(h).max())
    for i, step in enumerate(np.diag([1e-9, 1e-7, 1e-7])):
        found = (rims(at + step)[0] - rims(at - step)[0]) / (2.0 * step[i])
        assert found == pytest.approx(h[i], rel=1e-4, abs=1e-5 * np.abs(h).max())


def test_rims_apart_bear_nothing_and_never_pass_through() -> None:
    assert np.all(rims(np.array([-0.002, 0.1, 0.0]))[0] == 0.0)
    assert rims(np.array([-0.006, 0.1, 0.0]))[0][0] < -1e5, "flat bears more than is ever played"


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(of_grade(5.0, 250.0, 1.75), (Stage("standing", MINUTES),)),
        Scenario(
            Specimen("disc", "L4-L5", 1.72, 50.0, "male", (5.0,) * len(DISCS)),
            (Stage("unloaded", MINUTES, None, -3000.0, 20.0, "extension"),),
        ),
        Scenario(of_grade(5.0, 250.0), (Stage("standing", MINUTES, None, -3000.0, 40.0, "extension"),)),
    ],
)
def test_no_gap_falls_below_nothing(scenario: Scenario) -> None:
    """Nor a map below its all."""
    for c in (typical(), *MANY[:8]):
        seen = play(scenario, np.array([1.0, MINUTES]), c)
        assert np.all(seen.anterior > 0.0)
        assert np.all(seen.posterior > 0.0)
        assert np.all(seen.foramen >= -100.0)
        assert np.all(seen.bulge >= -100.0)


def test_a_map_stops_at_nothing_left() -> None:
    disc = Specimen("disc", "L4-L5", 1.72, 50.0, "male", (2.0,) * len(DISCS))
    bent = Scenario(disc, (Stage("unloaded", 60.0, None, -1000.0, 40.0, "extension"),))
    c = typical() | {"maps": {"foramen": 0.26, "bulge": 4.0}}  # type: ignore[operator]
    seen = play(bent, np.array([60.0]), c)
    assert seen.foramen[0, 0] == -100.0


def test_a_collapsed_disc_is_less_wedged() -> None:
    """By as much as it is lower."""
    unloaded = (Stage("unloaded", 1.0),)
    one, two = (body_of(Scenario(Specimen("lumbar-column", grades=(g,) * 6), unloaded), typical()) for g in (2.0, 5.0))
    for column in (HEIGHT, WEDGE):
        share = two.levels.numbers[:, column] / one.levels.numbers[:, column]
        assert share == pytest.approx(np.full(len(DISCS), 0.6), rel=1e-9)


SCENARIO = Scenario(Specimen("disc"), (Stage("unloaded", 10.0, None, -300.0),))


def without(monkeypatch: pytest.MonkeyPatch, count: int, of: int) -> None:
    """Of so many bodies, let so many find no balance."""
    poor = [c["disc"]["matrix"] for c in drawn(of, Streams(4))[:count]]

    def tried(scenario: Scenario, asked: FloatArray, c: Chosen) -> Seen:
        if c["disc"]["matrix"] in poor:
            raise NotSolved("no balance of forces between 0 s and 10 s")
        return play(scenario, asked, c)

    monkeypatch.setattr(playing, "play", tried)


def test_a_body_without_a_balance_does_not_silence_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    without(monkeypatch, 1, 20)
    made = play_many(SCENARIO, np.array([10.0]), 20, Streams(4), lambda done, of: heard.append(done))
    assert len(made) == 19
    assert heard[-1] == 20
    without(monkeypatch, 2, 20)
    with pytest.raises(NotSolved, match="2 of 20 bodies, the first of them: no balance of forces between 0 s and 10 s"):
        play_many(SCENARIO, np.array([10.0]), 20, Streams(4))


def test_how_many_are_left_out_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = tmp_path / "s.toml", tmp_path / "out.json"
    file.write_text('[specimen]\nkind = "disc"\n[[stage]]\nduration = "10 s"\naxial_force = "-300 N"\n', "utf-8")
    asked = ["simulate", str(file), "--samples", "20", "--seed", "4", "--json", str(out)]
    without(monkeypatch, 1, 20)
    assert main(asked) == 0
    assert "1 of 20 bodies found no balance and are left out" in capsys.readouterr().err
    assert json.loads(out.read_text("utf-8"))["bodies"] == 19
    without(monkeypatch, 20, 20)
    assert main(asked) == 3
    assert "20 of 20 bodies" in capsys.readouterr().err


def test_a_refusal_names_a_time_of_the_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    """And none in the days that somebody lived before it."""

    def stuck(self: Body, *given: object) -> None:
        raise NotSolved("no balance of forces between 0 s and 172815 s")

    monkeypatch.setattr(Body, "march", stuck)
    with pytest.raises(NotSolved, match=r"^no balance of forces in the days before it$"):
        body_of(Scenario(of_grade(2.0), (Stage("standing", 60.0),)), typical())
