"""The whole machine walked: the laws hold with faults, each safeguard is needed, and the shipping code is in it."""

from __future__ import annotations

import functools
from itertools import pairwise

import numpy as np
import pytest

from opentraction.body.person import typical_person
from opentraction.control.transitions import NEXT
from opentraction.patient import Body, Patient
from opentraction.prescription import parse_prescription
from opentraction.quantities import BadInput, Streams
from opentraction.quantities import vocabulary as v
from opentraction.session.rows import PHASE, RATE_HZ, SWITCHES, TRUE_FORCE
from opentraction.twin.compiled import compiled_run
from opentraction.twin.exploring import choices
from opentraction.twin.exploring.design import WHOLE, WORDS, Design, without
from opentraction.twin.exploring.laws import LAWS, broken_laws
from opentraction.twin.exploring.search import Explored, explore, settings
from opentraction.twin.exploring.state import (
    BROKEN,
    CELL_A,
    LEFT,
    N_FIELDS,
    NO_NUMBER,
    SIZES,
    begin,
    packed,
    unpack,
)
from opentraction.twin.exploring.state import (
    PHASE as OF_PHASE,
)
from opentraction.twin.exploring.tick import possible, tick
from opentraction.twin.exploring.told import document, lines, phases_seen, walked
from opentraction.twin.mishaps import parse_mishap
from opentraction.twin.treatment import Treatment


@functools.cache
def walk(faults: int, design: Design = WHOLE) -> Explored:
    return explore(faults, design)


@pytest.mark.parametrize("faults", [0, 1])
def test_every_law_holds(faults: int) -> None:
    made = walk(faults)
    assert made.finished
    assert not made.broken, "\n".join(lines(made, faults, WHOLE))


def test_every_law_holds_with_two_faults() -> None:
    """Three take a minute: `opentraction explore`, and docs/engineer/explored.md."""
    made = explore(2)
    assert made.finished
    assert not made.broken, "\n".join(lines(made, 2, WHOLE))
    assert len(made.found) > 1_000_000


NEEDED = {
    "latch": 1,
    "pulse": 2,
    "beat": 1,
    "relays": 2,
    "guard-stop": 3,
    "release": 2,
    "timed": 1,
    "gear": 0,
}
"""Each safeguard, and the faults with which leaving it out breaks a law."""


@pytest.mark.parametrize("name", WORDS)
def test_each_safeguard_is_needed(name: str) -> None:
    design = without([name])
    made = explore(NEEDED[name], design, go_on=False)
    assert made.broken
    for law, way in made.broken.items():
        assert law in LAWS
        *_, (_, before), (_, last) = [(0, begin(NEEDED[name])), *walked(way, NEEDED[name], design)]
        # The way that is told, walked anew in plain Python, ends in what it says.
        if law != "P6":
            m = before.copy()
            out = tick(m, way[-1], design, settings())
            assert broken_laws(before, m, way[-1], out, NEEDED[name] - int(m[LEFT])) != 0
            packed(m)
            assert (m == last).all()
    text = "\n".join(lines(made, NEEDED[name], design))
    assert "BROKEN" in text
    assert "at the soonest so" in text


def test_a_shorter_way_to_a_broken_law_there_is_none() -> None:
    """Breadth first: the first way found is as long as any other to the same law can be short."""
    design = without(["pulse"])
    made = explore(2, design, go_on=False)
    assert {len(way) for way in made.broken.values()} == {made.ticks}


def test_plain_and_compiled_ticks_are_the_same() -> None:
    made, s = walk(1), settings()
    rng = Streams(7).stream("explored")
    m = np.empty(N_FIELDS, np.int64)
    for place in rng.integers(1, len(made.found), 400):
        unpack(int(made.found[made.parent[place]]), m)
        assert possible(m, int(made.choice[place]))
        tick(m, int(made.choice[place]), WHOLE, s)
        assert packed(m) == made.found[place]


def test_a_moment_is_one_number_and_back() -> None:
    rng = Streams(3).stream("moments")
    for _ in range(200):
        m = np.append(rng.integers(0, SIZES), 0)
        m[BROKEN] = 0
        code = packed(m)
        back = np.empty(N_FIELDS, np.int64)
        unpack(code, back)
        assert (back == m).all()


def test_a_phase_that_can_be_is_seen() -> None:
    """All but lockout, which only a fault at rest leads to, and of those the guard's alone."""
    assert set(phases_seen(walk(1))) >= set(range(len(v.PHASE_NAMES))) - {v.LOCKOUT}


def test_control_walks_the_shipping_table() -> None:
    """Each change of phase that the walk saw is a cell of the table, or a new start."""
    pairs = {((p - 1) // 8, (q - 1) // 8) for p, q in np.argwhere(walk(1).edges[1:, 1:]) + 1}
    cells = {(p, int(q)) for p in range(len(v.PHASE_NAMES)) for q in NEXT[p] if q >= 0}
    assert {pair for pair in pairs if pair[0] != pair[1]} <= cells
    assert len([pair for pair in pairs if pair[0] != pair[1]]) > 40


def test_a_fault_cannot_come_twice_and_none_without_one_left() -> None:
    m = begin(1)
    m[OF_PHASE] = v.HOLD
    fault = choices.FAULT + choices.FAULTS.index("control's cell gives no number")
    assert possible(m, fault)
    tick(m, fault, WHOLE, settings())
    assert m[CELL_A] == NO_NUMBER
    assert not possible(m, fault)
    assert not possible(m, choices.FAULT)


def test_a_safeguard_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="without = 'luck' cannot be used; allowed: one of latch, pulse"):
        without(["luck"])


def test_the_document_tells_the_same() -> None:
    design = without(["pulse"])
    made = explore(2, design, go_on=False)
    told = document(made, 2, design)
    assert told["left_out"] == ["pulse"]
    assert not told["finished"]
    broken = [law for law, one in told["laws"].items() if one["verdict"] == "BROKEN"]
    assert broken == list(made.broken)
    assert all(told["laws"][law]["way"][-1]["phase"] in v.PHASE_NAMES for law in broken)


# --- P11: what the shipping code does is in the walk ---


def sights(rows: np.ndarray) -> list[int]:
    """What each tenth of a second shows of control, as `walk.sight` tells it; standing still left out."""
    seen = []
    for row in rows[:: round(0.1 / 0.005)]:
        bits = int(row[SWITCHES])
        both = v.REMOTE_LOOP_A | v.REMOTE_LOOP_B
        pressed = (1 if bits & both != both else 0) | (2 if bits & v.CLINICIAN_LOOP == 0 else 0)
        one = 1 + (int(row[PHASE]) * 4 + pressed) * 2 + (1 if row[TRUE_FORCE] <= 20.0 else 0)
        if not seen or seen[-1] != one:
            seen.append(one)
    return seen


def sight_of(phase: int) -> int:
    """Nobody holds a stop, the cable is taut."""
    return 1 + phase * 8


@functools.cache
def within(ticks: int, faults: int) -> np.ndarray:
    """Which sight can come after which within so many ticks of the walk."""
    edges = walk(faults).edges.copy()
    np.fill_diagonal(edges, True)
    reach = edges
    for _ in range(ticks - 1):
        reach = (reach.astype(np.int32) @ edges.astype(np.int32)) > 0
    return np.asarray(reach)


SHORT = """
name = "short"
region = "lumbar"
position = "supine"
couch = "split"
[session]
mode = "intermittent"
length = "5 min"
[pretension]
force = "25 N"
rate = "5 N/s"
hold = "3 s"
[forces]
high = "250 N"
low = "50 % high"
[rise]
shape = "linear"
time = "10 s"
[hold]
time = "20 s"
[fall]
shape = "linear"
time = "8 s"
[rest]
time = "12 s"
[release]
rate = "50 N/s"
"""
FAULTY = ("power-loss", "cable-break", "remote-unplugged", "harness-slip:25mm", "sit-up")
"""A fault of the machine, or what ends as one by a law of control's or the guard's that the walk leaves out. All others
are to be ways of a machine that is whole, by phase and stop: there the walk's first step of force is beyond slack.
"""


def either(reach: np.ndarray) -> np.ndarray:
    """The same, whether the cable is slack or taut."""
    places = np.arange(len(reach))
    other = np.where(places > 0, (places - 1 ^ 1) + 1, 0)
    return np.asarray(reach[other] | reach[:, other] | reach[other][:, other])


HAPPENS = (
    (),
    ("30s:patient-stop",),
    ("30s:clinician-stop",),
    ("3s:patient-stop", "3s:clinician-stop"),
    ("25s:cough:120N", "60s:harness-slip:15mm"),
    ("20s:harness-slip:25mm", "40s:harness-slip:25mm"),
    ("30s:power-loss",),
    ("30s:cable-break",),
    ("30s:remote-unplugged",),
    ("30s:spasm:200N:6s",),
    ("45s:sit-up",),
)


@pytest.mark.parametrize("happens", HAPPENS, ids=lambda one: "+".join(one) or "nothing")
def test_the_shipping_code_walks_only_ways_that_were_found(happens: tuple[str, ...]) -> None:
    """Three ticks may pass in a tenth of a second, as what comes in one of the walk comes one by one here."""
    plan = parse_prescription(SHORT, "short").resolve(Patient("short", Body(75.0, 1.75, 45.0), ceiling=300.0))
    person = typical_person(75.0)
    treatment = Treatment(plan, person, Streams(5), [parse_mishap(one) for one in happens], compiled_run())
    parts = []
    while not treatment.over and treatment.tick < 400 * RATE_HZ:
        parts.append(treatment.advance(20 * RATE_HZ))
    seen = sights(np.concatenate(parts))
    assert len(seen) > 6
    faulty = any(one in what for one in FAULTY for what in happens)
    reach = within(3, int(faulty))
    if not faulty:
        reach = reach | either(reach)
    strange = [(a, b) for a, b in pairwise(seen) if not reach[a, b]]
    assert not strange, [((a - 1) // 8, (a - 1) % 8, (b - 1) // 8, (b - 1) % 8) for a, b in strange]
    assert reach.mean() < 0.25  # much is not allowed
    assert not reach[sight_of(v.PATIENT_RELEASE), sight_of(v.HOLD)]


def test_a_walk_without_room_says_so_and_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opentraction.twin.exploring.search.ROOM", (1 << 10,))
    with pytest.raises(MemoryError, match="more moments than there is room for"):
        explore(0)
