"""A test of the tests: small defects put into guard and control, each of which the laws must catch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest

from opentraction.control import events, step, watch
from opentraction.control.force_law import Loop
from opentraction.control.reference import Reference
from opentraction.control.types import ControlInput
from opentraction.guard import step as guard_module
from opentraction.guard import supervise as supervise_module
from opentraction.guard.step import Guard, guard_step
from opentraction.quantities import vocabulary as v
from opentraction.quantities.units import FACTORS
from opentraction.session import rows as r
from opentraction.session import tick as tick_module
from opentraction.table.two_words import Moving
from tests import injection, laws
from tests.lab import Event, Played, Setup, play, short_plan, steepest

SETUP = Setup(short_plan(300.0))
HOLD = 3646
"""A tick in the hold of this plan (a test below says so)."""
Patch = Callable[[pytest.MonkeyPatch], None]
Scene = Callable[[], Iterator[str]]


def played(kind: str, seconds: float = 8.0, at: int = HOLD, more: tuple[Event, ...] = ()) -> Played:
    return play(SETUP, at / 200.0 + seconds, [Event(at, kind), *more], plain=True)


# --- the scenes that look for defects: each says what is broken ---


def pressed() -> Iterator[str]:
    yield from laws.broken_by_stop(played("remote-press"), HOLD, laws.STOPS["remote-press"])


def pressed_by_the_clinician() -> Iterator[str]:
    yield from laws.broken_by_stop(played("clinician-stop"), HOLD, laws.STOPS["clinician-stop"])


def pressed_and_let_go() -> Iterator[str]:
    more = (Event(HOLD + 100, "remote-release"), Event(HOLD + 200, "ask:resume"), Event(HOLD + 900, "ask:start"))
    yield from laws.broken_by_stop(played("remote-press", 10.0, more=more), HOLD, laws.STOPS["remote-press"])


def blinded() -> Iterator[str]:
    p = played("a-nan")
    yield from laws.broken_by_stop(p, HOLD, laws.SENSORS["a-nan"])
    yield from laws.broken_by_command(p)


def running_away() -> Iterator[str]:
    p = played("runaway", 3.0)
    yield from laws.broken_by_force(p, SETUP.plan.ceiling)
    if p.cause != v.FORCE_TOO_HIGH:
        yield f"ended by '{v.CAUSE_TEXTS[p.cause]}'"


def lying() -> Iterator[str]:
    yield from laws.broken_by_stop(played("b-frozen"), HOLD, laws.SENSORS["b-frozen"])


def whole() -> Iterator[str]:
    """A session without trouble ends as finished, in its envelope, at the prescribed force."""
    p = play(SETUP, 40.0, plain=True)
    yield from laws.broken_by_force(p, SETUP.plan.ceiling)
    yield from laws.broken_by_command(p)
    hold = p.phases == v.HOLD
    error = p.true[hold][400:] - 300.0
    if not hold.any() or not abs(error).max() < 10.0:
        yield "the hold is not held"
    if not steepest(p.true) <= laws.STEEPEST:
        yield "a step in the force"


def paused() -> Iterator[str]:
    """Treatment time stands while the table is paused, and the force comes back slowly."""
    p = played("ask:pause", 12.0, more=(Event(HOLD + 1200, "ask:resume"),))
    still = p.rows[HOLD + 2 : HOLD + 1200, r.TREATMENT_TIME]
    if still.max() - still.min() > 0.02:
        yield "the treatment clock ran in the pause"
    if p.cause:
        yield f"ended by '{v.CAUSE_TEXTS[p.cause]}'"
    rise = (p.true[HOLD + 1300 :] - p.true[HOLD + 1200 : -100]) * 2.0
    if not rise.max() <= 60.0:
        yield f"came back with {rise.max():.0f} N/s"


# --- the defects ---


def no_latch(m: pytest.MonkeyPatch) -> None:
    """The end of a release leads straight back to ready."""
    table = events.NEXT.copy()
    table[v.PATIENT_RELEASE, 12] = v.READY
    table[v.PATIENT_RELEASE, 13] = v.RISE
    table[v.SAFE, 11] = v.PRETENSION
    m.setattr(events, "NEXT", table)


def no_nan_check(m: pytest.MonkeyPatch) -> None:
    for module in (watch, events, step):
        m.setattr(module, "believable", lambda i: True)


def pounds_for_newtons(m: pytest.MonkeyPatch) -> None:
    """The reading arrives in pounds."""
    real = tick_module.ControlInput

    def in_pounds(force: float, *rest: object) -> ControlInput:
        return real(force / FACTORS["force"]["lb"], *rest)  # type: ignore[arg-type]

    m.setattr(tick_module, "ControlInput", in_pounds)


def stop_ignored_in_hold(m: pytest.MonkeyPatch) -> None:
    table = events.NEXT.copy()
    table[v.HOLD, 2] = v.HOLD
    m.setattr(events, "NEXT", table)


def clinician_ignored(m: pytest.MonkeyPatch) -> None:
    m.setattr(events, "clinician_pressed", lambda switches: False)


def release_four_times_as_fast(m: pytest.MonkeyPatch) -> None:
    real = step.release_rate
    m.setattr(step, "release_rate", lambda *given: 4.0 * real(*given))
    m.setattr("opentraction.control.force_law.STEEPEST", 1e6)


def release_four_times_as_slow(m: pytest.MonkeyPatch) -> None:
    real = step.release_rate
    m.setattr(step, "release_rate", lambda *given: 0.25 * real(*given))


def release_only_stops_the_drum(m: pytest.MonkeyPatch) -> None:
    """A quick stop that stops motion and keeps the pull (hazard H6)."""
    real = step.force_law

    def still(loop: Loop, r: Reference, *rest: object) -> Loop:
        new = real(loop, r, *rest)  # type: ignore[arg-type]
        return new._replace(speed=0.0) if rest[-2] else new

    m.setattr(step, "force_law", still)


def guard_off(m: pytest.MonkeyPatch) -> None:
    m.setattr(supervise_module, "guard_step", lambda now, s, i, g: g)


def guard_forgets(m: pytest.MonkeyPatch) -> None:
    """The trip lasts only as long as its condition, and control takes no notice of it."""

    def unlatched(now: float, s: object, i: object, g: Guard) -> Guard:
        return guard_step(now, s, i, g._replace(cause=0))  # type: ignore[arg-type]

    m.setattr(supervise_module, "guard_step", unlatched)
    m.setattr(events, "fault_now", lambda *given: 0)


def guard_is_not_asked(m: pytest.MonkeyPatch) -> None:
    """Neither control nor the last gate obeys the guard."""
    m.setattr(injection, "lesser", lambda asked, torque, *rest: Moving(asked, torque))
    m.setattr(events, "fault_now", lambda *given: 0)


def guard_waits_too_long(m: pytest.MonkeyPatch) -> None:
    real = supervise_module.guard_step
    m.setattr(supervise_module, "guard_step", lambda now, s, i, g: real(now, s._replace(machine_time=0.6), i, g))


def frozen_not_seen(m: pytest.MonkeyPatch) -> None:
    real = guard_module.judge
    m.setattr(guard_module, "judge", lambda s, g, i, gap: real(s, g._replace(frozen=0.0), i, gap))


def reference_steps(m: pytest.MonkeyPatch) -> None:
    m.setattr(step, "follow", lambda r, target, *rest: Reference(target, 0.0, target))


def time_runs_in_the_pause(m: pytest.MonkeyPatch) -> None:
    real = step._enter

    def running(*given: object) -> step.Mode:
        mode = real(*given)  # type: ignore[arg-type]
        resting = mode.phase in {v.PAUSED, v.PAUSE_RELEASE}
        return mode._replace(treatment_time=mode.treatment_time + 0.005) if resting else mode

    m.setattr(step, "_enter", running)


def command_unchecked(m: pytest.MonkeyPatch) -> None:
    """A release without a believable force asks for a number that is none."""
    real = step.blind_law
    m.setattr(step, "blind_law", lambda *given: real(*given)._replace(speed=math.nan))


CASES: list[tuple[Patch, Scene]] = [
    (no_latch, pressed_and_let_go),
    (no_nan_check, blinded),
    (pounds_for_newtons, whole),
    (stop_ignored_in_hold, pressed),
    (clinician_ignored, pressed_by_the_clinician),
    (release_four_times_as_fast, pressed),
    (release_four_times_as_slow, pressed),
    (release_only_stops_the_drum, pressed),
    (guard_off, running_away),
    (guard_off, lying),
    (guard_forgets, running_away),
    (guard_is_not_asked, running_away),
    (guard_waits_too_long, running_away),
    (frozen_not_seen, lying),
    (reference_steps, paused),
    (time_runs_in_the_pause, paused),
    (command_unchecked, blinded),
]
SCENES = sorted({scene.__name__: scene for _, scene in CASES}.items())


@pytest.mark.parametrize(("defect", "scene"), CASES, ids=[f"{d.__name__}-{s.__name__}" for d, s in CASES])
def test_a_seeded_defect_is_caught(defect: Patch, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    defect(monkeypatch)
    assert list(scene()), f"nobody noticed: {defect.__name__}"


@pytest.mark.parametrize(("name", "scene"), SCENES, ids=[name for name, _ in SCENES])
def test_without_a_defect_nothing_is_reported(name: str, scene: Scene) -> None:
    assert not list(scene()), name


def test_the_stop_comes_in_the_hold() -> None:
    p = play(SETUP, 40.0)
    assert p.phases[HOLD - 200] == p.phases[HOLD] == p.phases[HOLD + 200] == v.HOLD
