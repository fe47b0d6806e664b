"""What every plan must keep to, whoever made it: the same check when it is written and when a table loads it.

Raises BadInput for what an absolute bound refuses; what is merely unusual is for the rehearsal to say.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from opentraction.prescription import release
from opentraction.prescription.segments import Row, highest, impulse, steepest
from opentraction.prescription.waveform import (
    AMPLITUDE,
    CURVE,
    CYCLE,
    DURATION,
    FADE,
    FREQUENCY,
    FROM,
    LINE,
    LOG,
    PHASE,
    PHASE_END,
    SCURVE,
    SHAPE,
    START,
    TO,
)
from opentraction.prescription.words import both_units
from opentraction.quantities import BadInput, check_line, quantity
from opentraction.quantities.vocabulary import FALL, HOLD, PRETENSION, REST, RISE

if TYPE_CHECKING:
    from opentraction.prescription.plan import Plan

REGIONS = ("lumbar", "cervical")
POSITIONS = ("supine", "prone")
COUCHES = ("split", "locked")
MODES = ("static", "intermittent", "cyclic", "progressive", "regressive")
PRETENSION_RATE = 10.0  # steepest rise of the pretension phase [N/s]
OSCILLATION_SHARE = 0.10  # of the plateau it rides on
MOST_SEGMENTS = 1000
"""Nine times the longest protocol that ships, or an hour of 15 s cycles; a table must read a plan beside its loop."""
SHORTEST = 1e-3
"""A segment lasts at least this long [s]: a fifth of a control tick, and every slope stays a finite number."""
CURVATURES = (1e-3, 1000.0)
"""A logarithm of a lower curvature is a straight line to one part in a thousand."""
LONGEST_TEXT = {"name": 80, "posture": 200}
_PHASES = {PRETENSION, RISE, HOLD, FALL, REST}
_TINY = 1e-6


def headroom(force: float) -> float:
    """Room a plan leaves under the patient's ceiling [N]: what control may overshoot without reaching it."""
    return max(0.02 * force, 5.0)


def check_plan(plan: Plan) -> None:
    """Refuse a plan that breaks an absolute bound or does not hold together. Raises BadInput."""
    _words(plan)
    _scalars(plan)
    if not 0 < len(plan.rows) <= MOST_SEGMENTS:
        rule = f"from 1 to {MOST_SEGMENTS}; prescribe fewer steps, longer cycles or a shorter session"
        raise BadInput("plan.rows", f"{len(plan.rows)} segments", rule)
    for number, row in enumerate(plan.rows):
        _segment(row, f"plan.rows[{number}]", plan)
    _joints(plan)
    _sums(plan)
    check_headroom(plan.peak, plan.ceiling, "plan.peak")
    check_release(plan.release_shape, plan.base, plan.release_rate, "plan.release_rate")


def check_headroom(peak: float, ceiling: float, where: str, cycle: str = "") -> None:
    """The highest force and its headroom fit under the patient's ceiling; `cycle` says where it is. Raises BadInput."""
    if not peak + headroom(peak) <= ceiling:
        rule = f"a highest force that with its headroom of {both_units(headroom(peak))} stays below the patient's"
        raise BadInput(where, both_units(peak) + cycle, f"{rule} ceiling of {both_units(ceiling)}")


def check_release(shape: str, start: float, rate: float, where: str) -> None:
    """The planned release from `start` [N] is over before control would take the torque away. Raises BadInput."""
    code = release.NAMES.index(shape)
    seconds = release.release_time(code, start, rate)
    if seconds > release.LONGEST:
        least = rate * seconds / release.LONGEST
        rule = f"at least {least:.1f} N/s, so that the {shape} release from {both_units(start)}"
        raise BadInput(where, f"{rate:.1f} N/s", f"{rule} takes at most {release.LONGEST:.0f} s")


def _words(plan: Plan) -> None:
    pairs = {"region": REGIONS, "position": POSITIONS, "couch": COUCHES, "mode": MODES}
    pairs["release_shape"] = release.NAMES
    for key, words in pairs.items():
        if getattr(plan, key) not in words:
            raise BadInput(f"plan.{key}", getattr(plan, key), "one of " + ", ".join(words))
    for key, longest in LONGEST_TEXT.items():
        check_line(getattr(plan, key), f"plan.{key}", longest)
    if plan.schema != 1:
        raise BadInput("plan.schema", plan.schema, "1, the only layout this version reads")


def _scalars(plan: Plan) -> None:
    force = "cervical_force" if plan.region == "cervical" else "force"
    checks = {
        "angle": "angle",
        "mass": "body_mass",
        "ceiling": "force_ceiling",
        "pretension": "pretension",
        "base": force,
        "peak": force,
        "rise_limit": "force_rate",
        "release_rate": "release_rate",
        "total_time": "session_time",
        "impulse": "impulse",
    }
    for key, name in checks.items():
        quantity(name).check(getattr(plan, key), f"plan.{key}")
    if plan.cycles < 1:
        raise BadInput("plan.cycles", plan.cycles, "at least 1 cycle")


def _segment(row: Row, where: str, plan: Plan) -> None:
    if len(row) != PHASE_END + 1 or not all(math.isfinite(cell) for cell in row):
        raise BadInput(where, list(row), "twelve finite numbers")
    if row[PHASE] not in _PHASES or row[SHAPE] not in {LINE, LOG, SCURVE} or row[DURATION] < SHORTEST:
        raise BadInput(where, list(row), f"a known phase and shape that lasts at least {SHORTEST:g} s")
    if row[SHAPE] == LOG and not CURVATURES[0] <= row[CURVE] <= CURVATURES[1]:
        raise BadInput(where, row[CURVE], f"a curvature from {CURVATURES[0]:g} to {CURVATURES[1]:g}")
    if min(row[FROM], row[TO]) < 0.0 or row[AMPLITUDE] < 0.0 or highest(row) > plan.peak + _TINY:
        raise BadInput(where, list(row), f"forces from 0 N to the plan's peak, {both_units(plan.peak)}")
    _oscillation(row, where)
    limit = _rate_limit(row, plan)
    if steepest(row) > limit * (1.0 + _TINY):
        raise BadInput(where, f"{steepest(row):.1f} N/s", f"a change of force of at most {limit:.0f} N/s here")


def _rate_limit(row: Row, plan: Plan) -> float:
    if row[PHASE] == PRETENSION:
        return PRETENSION_RATE
    return quantity("force_rate").bounds.high if row[PHASE] == FALL else plan.rise_limit


def _oscillation(row: Row, where: str) -> None:
    if row[AMPLITUDE] == 0.0:
        return
    if row[PHASE] != HOLD or row[FROM] != row[TO]:
        raise BadInput(where, row[AMPLITUDE], "an oscillation on a level hold only")
    if row[AMPLITUDE] > OSCILLATION_SHARE * row[FROM] + _TINY:
        raise BadInput(where, row[AMPLITUDE], "an oscillation of at most 10 % of the hold it rides on")
    quantity("oscillation_amplitude").check(row[AMPLITUDE], where)
    quantity("oscillation_frequency").check(row[FREQUENCY], where)
    if not 0.0 < 2.0 * row[FADE] <= row[DURATION]:
        raise BadInput(where, row[FADE], "a fade above 0 s and at most half of the hold")


def _joints(plan: Plan) -> None:
    """No gap in time, no step in force; begins at 0 s and 0 N; phases end where segments end; cycles count up."""
    first = plan.rows[0]
    if first[START] != 0.0 or first[FROM] != 0.0 or first[PHASE] != PRETENSION or first[CYCLE] != 0.0:
        raise BadInput("plan.rows[0]", list(first), "pretension before the first cycle that starts at 0 s from 0 N")
    for number, (one, two) in enumerate(pairwise(plan.rows), start=1):
        if two[START] != one[START] + one[DURATION] or two[FROM] != one[TO]:
            raise BadInput(f"plan.rows[{number}]", list(two), "a start in time and force where the one before ends")
        if two[CYCLE] not in {one[CYCLE], one[CYCLE] + 1.0}:
            raise BadInput(f"plan.rows[{number}]", two[CYCLE], "cycles that count up one by one")
        same = one[PHASE] == two[PHASE] and one[CYCLE] == two[CYCLE]
        if one[PHASE_END] != (two[PHASE_END] if same else two[START]):
            raise BadInput(f"plan.rows[{number - 1}]", one[PHASE_END], "the time its phase ends")
    end = plan.rows[-1]
    if not end[START] + end[DURATION] == end[PHASE_END] == plan.total_time or end[CYCLE] != plan.cycles:
        raise BadInput("plan.total_time", plan.total_time, "the end of the last segment of the last cycle")


def _sums(plan: Plan) -> None:
    total = math.fsum(impulse(row) for row in plan.rows)
    if abs(total - plan.impulse) > 1e-6 * (1.0 + total):
        raise BadInput("plan.impulse", plan.impulse, f"the integral of the force, {total:.1f} N s")
    top = max(highest(row) for row in plan.rows)
    if top != plan.peak:
        raise BadInput("plan.peak", plan.peak, f"the highest force of the segments, {both_units(top)}")
    if plan.rows[-1][TO] != plan.base:
        raise BadInput("plan.base", plan.base, f"the force the last segment ends at, {both_units(plan.rows[-1][TO])}")
