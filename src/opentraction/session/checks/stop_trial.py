"""The stop trial: once a day each stop is pressed at 500 N on a cord tied to the table's frame, and its release judged.

A stop is the one part whose failure nobody sees until it is needed (hazard analysis H3, H4, H21), so it is proved at a
force that matters. After the daily switch test of the Eltrac 471's manual: cord to the frame, 500 N, press, the cord
has to go slack. Times after hazard analysis H3; figures in between are the project's own.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from opentraction.patient import Body, Patient
from opentraction.prescription import parse_prescription
from opentraction.prescription.plan import Plan
from opentraction.quantities.vocabulary import (
    CLINICIAN_LOOP,
    CLINICIAN_LOOP_B,
    HOLD,
    IDLE,
    REMOTE_LOOP_A,
    REMOTE_LOOP_B,
)
from opentraction.session.checks.finding import Finding, within
from opentraction.session.documents import Document
from opentraction.session.rows import GUARD_MEASURED, MEASURED, PHASE, RATE_HZ, SWITCHES, Rows

REMOTE, CLINICIAN = "patient remote", "clinician stop"
STOPS: Final = {REMOTE: REMOTE_LOOP_A | REMOTE_LOOP_B, CLINICIAN: CLINICIAN_LOOP | CLINICIAN_LOOP_B}
CHECKLIST: Final = ("nobody_on_the_table", "cord_to_frame")
FORCE: Final = 500.0
NEAR: Final = 25.0
"""The press counts within so much of it [N]."""
FALLING: Final = 5.0
"""Below the force at the press [N]: well above what a cell's noise makes."""
FALLING_AFTER: Final = 0.2
"""[s] 100 ms until it falls, and as long again until two filters show 5 N of it."""
SLACK: Final = 20.0
SLACK_AFTER: Final = {REMOTE: 2.75, CLINICIAN: 2.5}
"""[s] from 500 N; the patient's, between 2 s from 400 N and 4.5 s from 1000 N, with what the cells lag."""
STEEPEST: Final = 500.0
"""[N/s] over a tenth of a second."""
TOGETHER: Final = 0.1
"""[s] between the two channels of one stop."""
WINDOW: Final = RATE_HZ // 10

_PRESCRIPTION = """
name = "Stop trial, cord to the frame"
region = "lumbar"
position = "supine"
posture = "Nobody on the table."
couch = "locked"
angle = "0 deg"
session = {mode = "static", length = "3 min"}
forces = {high = "500 N"}
rise = {shape = "linear", rate = "50 N/s"}
fall = {shape = "linear", rate = "25 N/s"}
release = {rate = "50 N/s"}
"""
FRAME = Patient("stop-trial", Body(150.0, 1.8, 40.0), ceiling=560.0)


def trial_plan() -> Plan:
    """500 N, held until somebody presses."""
    return parse_prescription(_PRESCRIPTION, "stop trial").resolve(FRAME)


class StopTrial:
    """Hears the rows of one trial of one stop."""

    def __init__(self, stop: str) -> None:
        self.stop = stop
        self._blocks: list[Rows] = []

    def document(self, doc: Document) -> None:
        """The rows tell all."""

    def rows(self, block: Rows) -> None:
        """Keep what is judged: forces, phase, switches."""
        self._blocks.append(block[:, [MEASURED, GUARD_MEASURED, PHASE, SWITCHES]].copy())

    def close(self) -> None:
        """Nothing to close."""

    def findings(self) -> list[Finding]:
        """What the trial showed; nothing where the pull never came to its force."""
        rows = np.concatenate(self._blocks) if self._blocks else np.zeros((0, 4))
        force, guard, phase, bits = rows.T if len(rows) else np.zeros((4, 0))
        opened = (bits.astype(np.int64) & STOPS[self.stop]) != STOPS[self.stop]
        held = np.concatenate([[IDLE], phase[:-1]]) == HOLD  # in the row of the press the release has begun already
        pressed = np.flatnonzero(opened & held & (force >= FORCE - NEAR))
        if not np.any((phase == HOLD) & (force >= FORCE - NEAR)):
            return []
        if not len(pressed):
            return [Finding(f"{self.stop} at {FORCE:.0f} N", False, "not pressed at that force", "pressed in the hold")]
        at = int(pressed[0])
        after = np.maximum(force, guard)[at:]
        start = float(np.mean(force[max(at - WINDOW, 0) : at + 1]))
        return [
            within("force at the press", start, FORCE - NEAR, FORCE + NEAR, "N", 0),
            self._both(bits[at:]),
            _after("force falls after", after < start - FALLING, FALLING_AFTER),
            _after("cord slack after", after <= SLACK, SLACK_AFTER[self.stop]),
            within("steepest fall", _steepest(after), 0.0, STEEPEST, "N/s", 0),
        ]

    def _both(self, bits: Rows) -> Finding:
        """Both channels of the stop open, one with the other."""
        soon = bits[: round(TOGETHER * RATE_HZ)].astype(np.int64)
        whole = STOPS[self.stop]
        seen = sum(1 for bit in _single(whole) if np.any(soon & bit == 0))
        words = {0: "none", 1: "one of two", 2: "both"}[seen]
        return Finding("channels of the stop that opened", seen == 2, words, "both")


def _single(bits: int) -> list[int]:
    return [1 << place for place in range(16) if bits >> place & 1]


def _after(name: str, true: Rows, most: float) -> Finding:
    """How long after the press it was so for the first time."""
    first = np.flatnonzero(true)
    if not len(first):
        return Finding(name, False, "never", f"at most {most:g} s")
    return within(name, float(first[0]) / RATE_HZ, 0.0, most, "s", 2)


def _steepest(force: Rows) -> float:
    """[N/s]"""
    if len(force) <= WINDOW:
        return 0.0
    return float(np.max(force[:-WINDOW] - force[WINDOW:])) * RATE_HZ / WINDOW
