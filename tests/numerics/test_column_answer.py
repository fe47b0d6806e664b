"""How a pull reaches a body: no step where it is felt, no seam between stages, and every share with its sign."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from opentraction.body.column.chosen import Chosen, typical
from opentraction.body.column.follow import UP_BEFORE
from opentraction.body.column.lain import Lain, lie_down, move
from opentraction.body.column.living import body_of
from opentraction.body.column.loads import Course, course_of
from opentraction.body.column.muscles import LETTING_GO
from opentraction.body.column.play import Seen, play
from opentraction.body.column.pull import couch_friction
from opentraction.body.column.scenario import PLAIN, SPLIT, Scenario, Somebody, Stage, Traction
from opentraction.body.column.segment import FLEX, UP

FloatArray = npt.NDArray[np.float64]
WHO = Somebody(75.0, 1.76, 45.0, "female", (3.0,) * 6)
UP_FOR = Stage("standing", 1800.0)
L45 = 4


def with_values(section: str, **values: float) -> Chosen:
    return {**typical(), section: {**typical()[section], **values}}


def played(stages: Sequence[Stage], *asked: float, c: Chosen | None = None) -> Seen:
    return play(Scenario(WHO, (UP_FOR, *stages)), UP_FOR.duration + np.array(asked), c or typical())


def course(stages: Sequence[Stage], c: Chosen | None = None) -> Course:
    c = c or typical()
    body = body_of(Scenario(WHO, (Stage("supine", 1.0),)), c)
    return course_of(stages, body.chosen, body.weights, len(body.discs), "supine")


def lying(force: float, duration: float = 900.0, couch: str = SPLIT, angle: float = 0.0) -> Stage:
    return Stage("supine", duration, Traction(force, couch, angle))


@pytest.mark.parametrize("force", [5.0, 19.9, 27.3, 59.9, 120.0])
def test_a_little_more_pull_changes_little(force: float) -> None:
    less, more = (played([lying(f)], 60.0, 900.0) for f in (force, force + 0.2))
    assert np.all(np.abs(more.spine_force - less.spine_force) < 1.0)
    assert np.all(np.abs(more.pressure - less.pressure) < 1e3)
    assert np.all(np.abs(more.column - less.column) < 5e-5)


def test_a_late_pull_does_not_let_muscles_go_at_once() -> None:
    """Ten minutes on the table before it: what the spine gains in the first second is what the machine pulls."""
    stages = [Stage("supine", 600.0), lying(300.0)]
    seen = played(stages, 600.0, 601.0)
    assert 0.0 < seen.spine_force[1] - seen.spine_force[0] < 300.0 / typical()["pull"]["rise"] + 1.0


def test_muscles_let_go_over_minutes_and_take_up_again() -> None:
    c = with_values("pull", guard=0.0)
    stages = [lying(200.0, 1200.0), Stage("supine", 1200.0)]
    tone = (1.0 - c["pull"]["let_go"]) * -played([Stage("supine", 900.0)], 890.0, c=c).spine_force[0]
    seen = played(stages, 60.0, 1200.0, 1210.0, 2400.0, c=c)
    reached = 200.0 - couch_friction(Traction(200.0), 200.0, c, WHO.mass)
    gained = seen.spine_force + tone / (1.0 - c["pull"]["let_go"])
    assert gained[1] == pytest.approx(reached + tone, rel=0.02), "in the end all that they let go of"
    assert reached + 0.25 * tone < gained[0] < reached + 0.6 * tone, f"a minute is half of {LETTING_GO} s"
    assert 0.8 * tone < gained[2] < tone, "still at ease just after"
    assert abs(gained[3]) < 0.02 * tone, "and as before at last"


def test_a_pull_cut_into_stages_is_one_pull() -> None:
    whole = played([lying(300.0, 1800.0)], 900.0, 900.5, 1800.0)
    halves = played([lying(300.0, 900.0)] * 2, 900.0, 900.5, 1800.0)
    minutes = played([lying(300.0, 60.0)] * 30, 900.0, 900.5, 1800.0)
    for one in (halves, minutes):
        for name in ("spine_force", "pressure", "column", "travel", "friction", "emg"):
            np.testing.assert_allclose(getattr(one, name), getattr(whole, name), rtol=2e-3, atol=1e-6)


def test_a_stronger_pull_at_once_begins_where_the_first_was() -> None:
    told = course([lying(200.0, 300.0), lying(300.0, 300.0)])
    assert np.interp(300.0, told.loads.times, told.cable) == pytest.approx(200.0)
    assert np.interp(310.0, told.loads.times, told.cable) == pytest.approx(250.0)
    assert told.pulls == ((0.0, 600.0),)


def test_two_pulls_with_a_rest_between_are_two() -> None:
    told = course([lying(200.0, 300.0), Stage("supine", 60.0), lying(200.0, 300.0)])
    assert told.pulls == ((0.0, 300.0), (360.0, 660.0))
    assert np.interp(361.0, told.loads.times, told.cable) < 20.0


@pytest.mark.parametrize("hours", [0.5, 16.0])
def test_table_travel_is_told_from_the_beginning_of_its_pull(hours: float) -> None:
    """Whatever the day was before: 1 s of 15 N has moved the table by millimetres, forwards."""
    before = Stage("standing", 3600.0 * hours)
    stages = (before, Stage("supine", 600.0), lying(300.0, 600.0))
    at = before.duration + np.array([300.0, 600.0, 601.0, 620.0, 1200.0])
    travel = play(Scenario(WHO, stages), at, typical()).travel
    assert travel[0] == travel[1] == 0.0
    assert 0.0 < travel[2] < 0.02
    assert np.all(np.diff(travel[1:]) > 0.0)


def test_table_travel_is_the_column_the_harness_its_slip_and_the_strap() -> None:
    """Each with its sign: what gives less leaves less travel, by itself."""
    stages = [Stage("supine", 600.0), lying(300.0, 600.0)]
    given = played(stages, 600.0, 1200.0)
    column = given.column[1] - given.column[0]
    no_slip = played(stages, 600.0, 1200.0, c=with_values("harness", slip_most=0.0))
    stiff = played(stages, 600.0, 1200.0, c=with_values("thorax", stiffness=1e9))
    assert column > 0.0
    slipped = given.travel[1] - no_slip.travel[1]
    assert 0.3 * typical()["harness"]["slip_most"] < slipped < typical()["harness"]["slip_most"]
    assert given.travel[1] - stiff.travel[1] > 0.005
    rigid = {
        **typical(),
        "harness": {**typical()["harness"], "stiffness": 1e9, "slip_most": 0.0},
        "thorax": {**typical()["thorax"], "stiffness": 1e9},
    }
    bare = played(stages, 600.0, 1200.0, c=rigid)
    assert bare.travel[1] == pytest.approx(bare.column[1] - bare.column[0], abs=1e-4)


def test_a_rest_at_no_force_keeps_what_has_slipped() -> None:
    times = np.array([0.0, 5.0, 300.0, 305.0, 600.0])
    pull = Traction(300.0, SPLIT, 0.0, times, np.array([0.0, 300.0, 300.0, 0.0, 0.0]))
    travel = played([Stage("supine", 600.0), Stage("supine", 600.0, pull)], 899.0, 1000.0).travel
    assert 0.3 * travel[0] > travel[1] > 0.005


def test_guarding_presses_and_shows_in_the_emg() -> None:
    calm, tense = (course([lying(200.0)], with_values("pull", guard=g)) for g in (0.0, 4.0))
    at = 25.0
    force = [np.interp(at, one.loads.times, one.loads.force[:, L45]) for one in (calm, tense)]
    emg = [np.interp(at, one.loads.times, one.emg) for one in (calm, tense)]
    assert force[0] - force[1] == pytest.approx((emg[1] - emg[0]) * typical()["pull"]["guard_force"], rel=1e-6)
    assert 1.0 < emg[1] - emg[0] < 4.0


def test_a_slanting_pull_bends_forwards_and_lifts_the_body_off_a_plain_couch() -> None:
    level, up = (course([lying(300.0, angle=a, couch=PLAIN)]) for a in (0.0, math.radians(20.0)))
    assert up.loads.moment[-1, L45, 0] > 4.0 > abs(level.loads.moment[-1, L45, 0])
    assert up.friction[-1] < level.friction[-1] - 20.0


def test_what_hangs_is_pulled_straight() -> None:
    assert course([Stage("suspended", 600.0)]).loads.line[-1] > 0.0
    assert course([Stage("supine", 600.0)]).loads.line[-1] == 0.0


def on_the_table(c: Chosen, angle: float = 0.0, force: float = 250.0) -> Lain:
    upright = Scenario(WHO, (Stage("standing", UP_BEFORE),))
    one = lie_down(body_of(upright, c), "supine", UP_BEFORE)
    for _ in range(20):
        move(one, force, angle, 1.0)
    return one


def test_a_body_on_the_table_guards_and_bends_as_in_a_scenario() -> None:
    calm, tense = (on_the_table(with_values("pull", guard=g)) for g in (0.0, 4.0))
    assert np.all(calm.body.state.x[:6, UP] > tense.body.state.x[:6, UP])
    bent = on_the_table(typical(), angle=math.radians(20.0))
    straight = on_the_table(typical())
    assert bent.body.state.x[L45, FLEX] > straight.body.state.x[L45, FLEX] + math.radians(1.0)
