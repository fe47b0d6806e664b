"""Defects to plant in the shipping code, to see that the campaign would notice: a campaign that finds nothing proves
nothing until it has found these.

A defect is a line of a function written otherwise, or a cell of the table of phases. It is put in before anything is
compiled, and what is compiled with it is kept apart from sound machine code.
"""

from __future__ import annotations

import ast
import importlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

from opentraction.control import transitions as t
from opentraction.quantities import BadInput
from opentraction.quantities import vocabulary as v


class Defect(NamedTuple):
    """One defect: where, what stands there, and what stands there instead."""

    name: str
    words: str
    module: str
    function: str
    old: str
    new: str


class Cell(NamedTuple):
    """A wrong cell of the table of phases."""

    name: str
    words: str
    phase: int
    event: int
    after: int


_STEP, _SUP = "guard.step", "guard.supervise"
_EVENTS, _WATCH, _CTRL = "control.events", "control.watch", "control.step"
DEFECTS: Final[tuple[Defect | Cell, ...]] = (
    Defect(
        "guard-no-limit",
        "the guard lets any force pass",
        _STEP,
        "judge",
        "if t.hard >= 2 or t.machine",
        "if False and t.machine",
    ),
    Defect(
        "guard-no-nan",
        "the guard takes any number for a force",
        _STEP,
        "look",
        "ok = math.isfinite(i.force) and",
        "ok = True or",
    ),
    Defect(
        "guard-no-vote", "the guard does not compare the cells", _STEP, "judge", "t.disagree > s.disagree_time", "False"
    ),
    Defect(
        "guard-no-frozen",
        "the guard does not see a cell that stands still",
        _STEP,
        "judge",
        "t.frozen > s.frozen_time",
        "False",
    ),
    Defect(
        "guard-no-latch",
        "the guard forgets what it tripped on",
        _STEP,
        "guard_step",
        "if g.cause == NO_CAUSE and i.tension",
        "if i.tension",
    ),
    Defect(
        "guard-slow",
        "the guard waits ten times as long",
        _STEP,
        "judge",
        "t.machine > s.machine_time",
        "t.machine > 10.0 * s.machine_time",
    ),
    Defect(
        "guard-pounds",
        "the guard takes its limit for pounds",
        _STEP,
        "look",
        "over = force - allowed",
        "over = force - 4.448 * allowed",
    ),
    Defect(
        "guard-deaf",
        "the guard does not notice that control is dead",
        _SUP,
        "judged",
        "if h.silent > SILENT",
        "if False",
    ),
    Defect("guard-no-let-out", "the guard lets nothing out", _SUP, "letting_out", "if not due", "if True"),
    Defect(
        "guard-blind-stop",
        "the guard does not see the stops",
        _SUP,
        "stop_seen",
        "    if switches == 0",
        "    return NO_CAUSE\n    if switches == 0",
    ),
    Defect("guard-relay-stays", "the guard never opens its relay", _SUP, "supervise", "pulled > TAKEN_IN", "False"),
    Defect(
        "guard-believes",
        "the guard takes control's word for a release",
        _SUP,
        "supervise",
        "releases and falls",
        "releases",
    ),
    Cell("stop-in-hold", "the patient's stop does nothing in a hold", v.HOLD, t.EV_PATIENT_STOP, v.HOLD),
    Cell("no-latch", "a release leads back into the pull", v.PATIENT_RELEASE, t.EV_RELEASED, v.RISE),
    Cell("fault-in-rest", "a fault does nothing in a rest", v.REST, t.EV_FAULT, v.REST),
    Defect(
        "clinician-ignored",
        "control does not see the clinician's stop",
        _WATCH,
        "clinician_pressed",
        "return ",
        "return False and ",
    ),
    Defect(
        "both-channels",
        "a stop counts only with both channels open",
        _WATCH,
        "remote_pressed",
        "return not remote_loops_whole(switches)",
        "return switches & (REMOTE_LOOP_A | REMOTE_LOOP_B) == 0",
    ),
    Defect(
        "no-nan", "control takes any number for a force", _WATCH, "believable", "return LEAST", "return True or LEAST"
    ),
    Defect(
        "pounds", "control takes newtons for pounds", _CTRL, "_pull", "force = i.force if", "force = i.force / 4.448 if"
    ),
    Defect(
        "release-fast",
        "releases are four times as steep",
        _CTRL,
        "_share",
        "return min(max(start / time, GENTLEST_STOP), most)",
        "return 4.0 * min(max(start / time, GENTLEST_STOP), most)",
    ),
    Defect("release-slow", "releases are four times as slow", _CTRL, "_share", "return min", "return 0.25 * min"),
    Defect(
        "release-holds",
        "a release stops the drum and keeps the pull",
        _CTRL,
        "payout_cap",
        "return s.payout_speed",
        "return 0.0",
    ),
    Defect(
        "blind-holds",
        "without a believable force nothing is let out",
        _CTRL,
        "blind_law",
        "loop = c.loop",
        "loop = c.loop\n    return Loop(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)",
    ),
    Defect(
        "too-much",
        "control asks a third more than the plan",
        _CTRL,
        "aim",
        "return want.force, want.rate",
        "return 1.3 * want.force, want.rate",
    ),
    Defect(
        "guard-unheard",
        "control does not listen to the guard",
        _EVENTS,
        "fault_now",
        "if i.guard_cause != NO_CAUSE and",
        "if False and",
    ),
    Defect(
        "plug-ignored",
        "control does not see the remote's plug",
        _EVENTS,
        "fault_now",
        "if i.switches & REMOTE_PLUGGED == 0",
        "if False",
    ),
    Defect(
        "mains-ignored",
        "control does not see that mains are lost",
        _EVENTS,
        "fault_now",
        "if i.switches & POWER_GOOD == 0",
        "if False",
    ),
    Defect(
        "drive-ignored",
        "control does not see the drive's fault",
        _EVENTS,
        "fault_now",
        "if i.switches & DRIVE_READY == 0",
        "if False",
    ),
    Defect(
        "slack-unseen",
        "control takes every cable for slack",
        _WATCH,
        "notice",
        "-SLACK <= i.force <= SLACK and -SLACK <= i.other_force <= SLACK",
        "True",
    ),
    Defect(
        "guard-silent",
        "control does not notice that the guard is dead",
        "session.tick",
        "guarded_tick",
        "GUARD_SILENT if r.guard_silent > GUARD_PATIENCE else r.guard_cause",
        "r.guard_cause",
    ),
    Defect(
        "drive-alone",
        "the drive does not listen to the guard",
        "table.two_words",
        "lesser",
        "if permitted:",
        "if False:",
    ),
    Defect(
        "timers-dead",
        "no hard-wired timer takes the torque",
        "table.virtual.hardware",
        "hardware_step",
        "late = remote",
        "late = False and remote",
    ),
)
NAMES: Final = tuple(one.name for one in DEFECTS)


def planted(name: str) -> None:
    """Put one defect into this program, for good. Raises BadInput for a name that is none."""
    if name not in NAMES:
        raise BadInput("--defect", name, "one of those that --list-defects names")
    os.environ["OPENTRACTION_CACHE"] = tempfile.mkdtemp(prefix="opentraction-defect-")
    defect = DEFECTS[NAMES.index(name)]
    if isinstance(defect, Cell):
        t.NEXT.setflags(write=True)
        t.NEXT[defect.phase, defect.event] = defect.after
        t.NEXT.setflags(write=False)
    else:
        _rewrite(defect)


def _rewrite(defect: Defect) -> None:
    module = importlib.import_module(f"opentraction.{defect.module}")
    sound = getattr(module, defect.function)
    text = source_of(Path(str(module.__file__)).read_text("utf-8"), defect)
    made: dict[str, Any] = {}
    exec(compile("from __future__ import annotations\n" + text, f"<{defect.name}>", "exec"), module.__dict__, made)  # noqa: S102
    for other in [m for name, m in sys.modules.items() if name.startswith("opentraction.")]:
        for attribute, value in list(vars(other).items()):
            if value is sound:
                setattr(other, attribute, made[defect.function])


def source_of(text: str, defect: Defect) -> str:
    """The function's text with the defect in it. Raises LookupError where it does not stand there exactly once."""
    found = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == defect.function]
    own = ast.get_source_segment(text, found[0]) if found else None
    if own is None or own.count(defect.old) != 1:
        raise LookupError(f"{defect.name}: its line does not stand in {defect.module}.{defect.function} once")
    return own.replace(defect.old, defect.new)
