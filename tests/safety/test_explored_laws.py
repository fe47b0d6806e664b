"""A test of the laws: a small defect in the machine that is walked must break one of them, soon after it can matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from opentraction.control.events import Decision
from opentraction.control.watch import Watch
from opentraction.quantities import vocabulary as v
from opentraction.twin.exploring import choices as c
from opentraction.twin.exploring import tick as machine
from opentraction.twin.exploring.design import WHOLE
from opentraction.twin.exploring.laws import BITS, broken_laws
from opentraction.twin.exploring.search import settings
from opentraction.twin.exploring.state import CELL_A, FORCE, HAD, LATCHED, LEFT, PHASE, PULLED, Moment, begin

BIND, UNBIND, PREPARE, ARM, START, RESUME = (c.ASK + n for n in (1, 2, 3, 4, 5, 6))
PREPARED = (BIND, PREPARE, c.PRESS, c.PRESS, ARM)
PULLING = (*PREPARED, START, c.FOLLOW + 1, c.FOLLOW + 2, c.NOTHING)
S = settings()


def fault(words: str) -> int:
    return c.FAULT + c.FAULTS.index(words)


def after(way: Iterable[int], faults: int = 1) -> Moment:
    m = begin(faults)
    for choice in way:
        assert machine.possible(m, choice), c.WORDS[choice]
        machine.tick(m, choice, WHOLE, S)
    return m


def broken(way: Iterable[int], ticks: int, faults: int = 1) -> set[str]:
    """Laws that break within so many ticks after a way, in plain Python, whatever happens."""
    edge, seen, found = [after(way, faults)], set(), 0
    for _ in range(ticks):
        following = []
        for before in edge:
            for what in range(c.N_CHOICES):
                if not machine.possible(before, what):
                    continue
                m = before.copy()
                out = machine.tick(m, what, WHOLE, S)
                found |= broken_laws(before, m, what, out, faults - int(m[LEFT]))
                if (key := m.tobytes()) not in seen:
                    seen.add(key)
                    following.append(m)
        edge = following
        if found:
            break
    return {law for n, law in enumerate(BITS) if found & (1 << n)}


def deciding(change: Callable[[int, Decision, object], Decision]) -> Callable[[pytest.MonkeyPatch], None]:
    """A defect in what control decides: phase before, decision, its input."""

    def put(m: pytest.MonkeyPatch) -> None:
        real = machine.decide

        def decide(now: float, s: object, i: object, want: object, phase: int, *rest: object) -> Decision:
            return change(phase, real(now, s, i, want, phase, *rest), i)  # type: ignore[arg-type]

        m.setattr(machine, "decide", decide)

    return put


def instead(begin_at: int, wrong: int) -> Callable[[int, Decision, object], Decision]:
    """Whatever is decided in one phase, another comes."""
    return lambda phase, d, _: d._replace(phase=wrong) if phase == begin_at else d


def rather(right: int, wrong: int) -> Callable[[int, Decision, object], Decision]:
    """Where one phase should come, another does."""
    return lambda phase, d, _: d._replace(phase=wrong) if d.phase == right != phase else d


def ask_wins(asked: int, phase_then: int, phases: set[int]) -> Callable[[int, Decision, object], Decision]:
    """A wish beats whatever else holds."""
    return lambda phase, d, i: d._replace(phase=phase_then) if i.ask == asked and phase in phases else d  # type: ignore[attr-defined]


def set_to(name: str, value: object) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda m: m.setattr(machine, name, value)


def passed_at_once(m: pytest.MonkeyPatch) -> None:
    real = machine.stop_test
    m.setattr(
        machine, "stop_test", lambda w, bits, fresh: Watch(*real(w, bits, fresh)[:7], True, True, not fresh, 0.0, 1.0)
    )


def restarted_where_it_was(m: pytest.MonkeyPatch) -> None:
    real = machine.happens

    def happens(now: Moment, choice: int) -> None:
        real(now, choice)
        if choice == c.RESTART:
            now[PHASE] = v.HOLD

    m.setattr(machine, "happens", happens)


STUCK, WILD, DRIVE = "control's cell stands still", "control pulls, whatever it is told", "the drive pulls by itself"
BLIND = "guard permits, whatever it sees"
Defect = tuple[Callable[[pytest.MonkeyPatch], None], tuple[int, ...], int, set[str]]
DEFECTS: dict[str, Defect] = {
    "the guard does not see too much force": (set_to("RX", 90), (*PULLING, fault(WILD)), 5, {"P2"}),
    "the guard does not see that cells part": (
        set_to("ODD_MOST", 90),
        (*PREPARED, START, fault(STUCK), c.FOLLOW + 2),
        6,
        {"P13"},
    ),
    "the guard does not see another plan": (set_to("STALE", 0), (*PREPARED, START), 3, {"P13"}),
    "every stop is let out as a planned end": (
        deciding(rather(v.PATIENT_RELEASE, v.END_RELEASE)),
        PULLING,
        2,
        {"P4"},
    ),
    "a resume pulls out of a release": (
        deciding(ask_wins(v.ASK_PAUSE, v.HOLD, {v.CONSOLE_RELEASE})),
        (*PULLING, c.ASK),
        2,
        {"P3"},
    ),
    "slack is told after any torque off": (
        deciding(instead(v.TORQUE_OFF, v.SAFE)),
        (*PULLING, c.ASK, *[c.COUGH] * 8),
        3,
        {"P8"},
    ),
    "a second is bound while one is prepared": (
        deciding(ask_wins(v.ASK_BIND, v.SETUP, {v.STOP_TEST, v.READY})),
        PREPARED,
        1,
        {"P7"},
    ),
    "a start beats a stop": (deciding(ask_wins(v.ASK_START, v.PRETENSION, {v.READY})), PREPARED, 1, {"P4"}),
    "the stop test counts as passed": (passed_at_once, (BIND, PREPARE), 3, {"P3"}),
    "control comes up again where it was": (
        restarted_where_it_was,
        (*PULLING, fault("control dies"), fault(BLIND)),
        3,
        {"P3", "P5", "P10"},
    ),
    "the guard lets a stuck drive pull": (set_to("guard_cuts", lambda *_: False), (*PULLING, fault(DRIVE)), 5, {"P2"}),
    "a dead guard is not missed": (set_to("CLOCK_GAP", v.NO_CAUSE), (*PULLING, fault("guard dies")), 4, {"P9"}),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_breaks_a_law(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put, way, ticks, laws = DEFECTS[name]
    faults = max(1, sum(choice >= c.FAULT for choice in way))
    assert not broken(way, ticks, faults)  # without it nothing breaks there
    put(monkeypatch)
    assert broken(way, ticks, faults) & laws


def test_after_a_stop_another_session_can_be_bound_and_pulled() -> None:
    """The latch holds until then, and no longer."""
    m = after((*PULLING, c.PRESS))
    assert m[LATCHED] == 1
    assert m[PHASE] == v.PATIENT_RELEASE
    for choice in (*[c.NOTHING] * 5, c.PRESS, *[c.NOTHING] * 4):
        machine.tick(m, choice, WHOLE, S)
    assert m[PHASE] == v.SAFE
    assert m[FORCE] == 0
    for choice in (START, RESUME, UNBIND, *PREPARED, START, c.FOLLOW + 2):
        machine.tick(m, choice, WHOLE, S)
    assert m[PHASE] == v.HOLD
    assert (m[LATCHED], m[HAD], m[PULLED]) == (0, 0, 1)


def test_after_a_trip_too() -> None:
    m = after((*PULLING, c.COUGH, c.COUGH, *[c.NOTHING] * 12))
    assert m[PHASE] in {v.SAFE, v.TORQUE_OFF}
    for choice in (UNBIND, *PREPARED, START, c.FOLLOW + 2):
        machine.tick(m, choice, WHOLE, S)
    assert m[PHASE] == v.HOLD


def test_a_way_is_told_in_the_order_of_channels_that_the_walk_keeps() -> None:
    from opentraction.twin.exploring.state import BROKEN, RELAY_A, RELAY_B, WELD_A, WELD_B, packed
    from opentraction.twin.exploring.told import walked

    way = [*PREPARED, START, fault("channel B of a stop is welded shut"), fault("timer of channel A is dead")]
    *_, (_, last) = walked(way, 2, WHOLE)
    assert last[BROKEN] == WELD_A | RELAY_A  # what came second is said of the channel that is now called A
    again = last.copy()
    packed(again)
    assert (again == last).all()
    assert not last[BROKEN] & (WELD_B | RELAY_B)
    assert last[CELL_A] > 0
