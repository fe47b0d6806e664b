"""Write docs/engineer/stops.md: every phase, stop, force and body, measured on the true force of the twin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from opentraction.quantities import vocabulary as v  # noqa: E402
from tests import laws  # noqa: E402
from tests.lab import Event, Fall, Setup, body, fall_of, play, short_plan  # noqa: E402

PAGE = ROOT / "docs" / "engineer" / "stops.md"
FORCES = (1000.0, 600.0, 300.0)
BODIES = {
    "soft, light": (3000.0, 45.0),
    "soft, heavy": (3000.0, 150.0),
    "typical": (9000.0, 75.0),
    "stiff, light": (40000.0, 45.0),
    "stiff, heavy": (40000.0, 150.0),
}
SOFT_MOST = 850.0
PHASES = (v.PRETENSION, v.RISE, v.HOLD, v.FALL, v.REST, v.PAUSE_RELEASE, v.PAUSED, v.RESUME, v.END_RELEASE)
PAUSING = {v.PAUSE_RELEASE, v.PAUSED, v.RESUME}
NAMES = {
    "remote-press": "patient stop",
    "clinician-stop": "clinician stop",
    "ask:stop": "stop on the console",
    "remote-unplug": "remote unplugged",
    "power-loss": "power lost",
}
HEAD = """# Stops, measured

Every phase, stop, force and body once, on the simulated table with the shipping control and guard: the force is the
true one in the cable, not the measured one. What a simulation shows holds for its model and for nothing more.
Written by

    python scripts/stops.py

A stop is falling when the force is 2 N below where it was; slack is 20 N; the steepest change is taken over 20 ms.
Bodies: belts of 3, 9 and 40 N/mm at 300 N, body mass 45, 75 and 150 kg. A belt of 3 N/mm takes all the cable there is
at 850 N, so that is its highest. The same laws run as tests in `tests/safety`, sensor faults included.

No stop may change the force faster than 500 N/s: that is the limit, for every stop, and the report of a session
judges by it. The patient's stop and the console's are asked at 250 N/s; for those the project holds itself to 350
N/s, a design aim of its own. The last column says what each is held to here. One sensor fault is outside it: when
load cell A suddenly lies by 60 N, control follows the lie down until the guard's own cell gives it away, and the
tests allow 900 N/s.
"""


RULE = "|---|---|---|---|---|---|"


class Case(NamedTuple):
    """One stop and what the force did."""

    stop: str
    phase: int
    top: float
    body: str
    fall: Fall


def cases() -> Iterator[Case]:
    """Play them all; about a minute."""
    for who, (stiffness, mass) in BODIES.items():
        for force in FORCES:
            top = min(force, SOFT_MOST) if stiffness < 5000.0 else force
            setup = Setup(short_plan(top), body(stiffness, mass))
            straight = play(setup, 80.0)
            pause = Event(straight.middle(v.HOLD), "ask:pause")
            resumed = (pause, Event(play(setup, 80.0, [pause]).first(v.PAUSED) + 400, "ask:resume"))
            bent = play(setup, 100.0, resumed)
            for phase in PHASES:
                before, session = (resumed, bent) if phase in PAUSING else ((), straight)
                at = session.middle(phase)
                for stop in NAMES:
                    p = play(setup, at / 200.0 + 8.0, [*before, Event(at, stop)])
                    yield Case(stop, phase, top, who, fall_of(p.true, at))


def worst(found: list[Case]) -> str:
    """The worst of each figure beside what it is held to."""
    lines = ["| stop | cases | falling after, at most | slack after, at most | steepest | held to |", RULE]
    for stop, name in NAMES.items():
        falls = [case.fall for case in found if case.stop == stop]
        law = laws.STOPS[stop]
        late, slack = max(f.falling_ms for f in falls), max(f.slack_s for f in falls)
        steep = max(f.steepest for f in falls)
        held = f"{law.falling_ms:.0f} ms, {law.slack_s:.1f} s, {law.steepest:.0f} N/s"
        lines.append(f"| {name} | {len(falls)} | {late:.0f} ms | {slack:.2f} s | {steep:.0f} N/s | {held} |")
    return "\n".join(lines)


def table(found: list[Case], stop: str) -> str:
    """One line a phase and plan: the worst of the bodies for each figure."""
    lines = ["| in | plan | force | falling after | slack after | steepest |", RULE]
    for phase in PHASES:
        for nominal in FORCES:
            these = [c for c in found if c.stop == stop and c.phase == phase and _plan(c) == nominal]
            forces = [c.fall.force for c in these]
            figures = (
                f"{max(c.fall.falling_ms for c in these):.0f} ms",
                f"{max(c.fall.slack_s for c in these):.2f} s",
                f"{max(c.fall.steepest for c in these):.0f} N/s",
            )
            shown = f"{min(forces):.0f} to {max(forces):.0f} N"
            lines.append(f"| {v.PHASE_NAMES[phase]} | {nominal:.0f} N | {shown} | {' | '.join(figures)} |")
    return "\n".join(lines)


def by_body(found: list[Case]) -> str:
    """From the hold of the highest plan, body by body."""
    lines = ["| body | stop | force | falling after | slack after | steepest |", RULE]
    for c in found:
        if c.phase == v.HOLD and _plan(c) == FORCES[0] and c.stop in {"remote-press", "clinician-stop"}:
            f = c.fall
            figures = f"{f.force:.0f} N | {f.falling_ms:.0f} ms | {f.slack_s:.2f} s | {f.steepest:.0f} N/s"
            lines.append(f"| {c.body} | {NAMES[c.stop]} | {figures} |")
    return "\n".join(lines)


def _plan(c: Case) -> float:
    return FORCES[0] if c.top == SOFT_MOST else c.top


def page() -> str:
    """The whole page."""
    found = list(cases())
    parts = [HEAD, "## The worst\n", worst(found), "\n## From the highest hold, by body\n", by_body(found)]
    for stop, name in NAMES.items():
        parts += [f"\n## {name.capitalize()}\n", "The worst of the five bodies.\n", table(found, stop)]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
