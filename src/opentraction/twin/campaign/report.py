"""What a campaign found: what was broken, what was met how often, and per fault how soon and how well it ended."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from opentraction.quantities import vocabulary as v
from opentraction.twin.campaign.draw import CELLS, PHASES
from opentraction.twin.campaign.faults import ENDS, FAULTS, GOES_ON, Fault
from opentraction.twin.campaign.play import Judged
from opentraction.twin.campaign.tally import Tally, percentile

MONITORS: Final = {
    "E1": "the true force leaves its envelope",
    "E2": "the force changes too fast",
    "E3": "a stop is not slack in its time",
    "E4": "cable is taken in after an end",
    "E5": "a fault is told too late",
    "E9": "the guard has to do what control should have done",
    "E10": "a cable is called slack that is not",
    "E11": "a stop does not let out at once",
    "E12": "the guard forgets what it tripped on",
    "E13": "the torque is taken where the guard should let out",
    "E14": "the operator is told something else",
    "E8": "a session ends without need",
}
WORST: Final = 10


class Line(NamedTuple):
    """What came of all runs with one fault alone; times in seconds, NaN where nothing is to be told."""

    fault: Fault
    runs: int
    ended: float  # share
    detect_median: float
    detect_99: float
    detect_most: float
    stop_99: float
    stop_most: float
    excess: float  # [N] beyond prescription and trip margin
    steepest: float  # [N/s]
    broken: int


class Report:
    """Takes runs in, in order, and tells what they come to."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.runs = 0
        self.seconds = 0.0
        self.missed = 0
        """Runs whose fault never came: their phase was over before."""
        self.clean_seconds = 0.0
        """Of runs in which nothing happened at all."""
        self.false_stops = 0
        self.borne_seconds = 0.0
        """Of runs with one thing that a session has to bear: a cough, a word lost."""
        self.borne_stops = 0
        self.broken: list[tuple[int, str]] = []
        self.cells: dict[tuple[int, int], int] = defaultdict(int)
        self.alone: dict[str, Tally] = defaultdict(Tally)
        self.digest = hashlib.sha256(str(seed).encode()).hexdigest()
        """Hash over the traces of all runs, each over the one before."""

    def take(self, one: Judged) -> None:
        """One more run. Raises ValueError unless it is the next one."""
        if one.run.number != self.runs:
            raise ValueError(f"run {one.run.number} is not the next one, {self.runs}")
        self.runs += 1
        self.seconds += one.seconds
        self.digest = hashlib.sha256(bytes.fromhex(self.digest) + one.digest).hexdigest()
        faults = one.run.faults
        self.broken += [(one.run.number, said) for said in one.outcome.broken]
        needless = any(said.startswith("E8") for said in one.outcome.broken)
        if not faults and not one.run.pressed:
            self.clean_seconds += one.seconds
            self.false_stops += needless
        elif len(faults) == 1 and FAULTS[faults[0]].owed == GOES_ON and not one.run.pressed:
            self.borne_seconds += one.seconds
            self.borne_stops += needless
        if not one.outcome.hit:
            self.missed += 1
        elif faults:
            self.cells[faults[0], one.run.phase] += 1
            if len(faults) == 1:
                self.alone[FAULTS[faults[0]].name].take(one)

    def of(self, monitor: str) -> int:
        """How often this was broken."""
        return sum(said.split()[0] == monitor for _, said in self.broken)

    def bound(self, count: int) -> float:
        """Exact 95 % upper bound (Clopper and Pearson) on the share of runs in which this happens."""
        from scipy.stats import beta

        return float(beta.ppf(0.95, count + 1, self.runs - count)) if count < self.runs else 1.0

    def lines(self) -> Iterator[Line]:
        """A line for each fault that came alone."""
        return (line(fault, self.alone[fault.name]) for fault in FAULTS if self.alone[fault.name].runs)


def line(fault: Fault, t: Tally) -> Line:
    """One fault's line."""
    return Line(
        fault,
        t.runs,
        t.ended / t.by_itself if t.by_itself else math.nan,
        percentile(t.detect, 50.0),
        percentile(t.detect, 99.0),
        percentile(t.detect, 100.0),
        percentile(t.stop, 99.0),
        percentile(t.stop, 100.0),
        t.excess,
        t.steepest,
        t.broken,
    )


def told(report: Report) -> Iterator[str]:
    """The report in words."""
    hours = report.seconds / 3600.0
    yield f"{report.runs:,} runs from seed {report.seed}, {hours:,.0f} simulated hours; traces {report.digest[:32]}."
    met = len(report.cells)
    least = min(report.cells.values(), default=0)
    yield f"{met} of {CELLS} cells of fault and phase met, each {least} times or more; {report.missed} came too late."
    clean, borne = report.clean_seconds / 3600.0, report.borne_seconds / 3600.0
    yield f"Ended without need: {report.false_stops} sessions in {clean:,.1f} hours in which nothing happened,"
    yield f"{report.borne_stops} in {borne:,.1f} hours with one thing that is to be borne, such as a cough."
    yield ""
    for monitor, words in MONITORS.items():
        count = report.of(monitor)
        yield f"{monitor}  {count:6,d}  {words}  (at 95 %: in less than {report.bound(count):.1e} of such runs)"
    yield ""
    times = f"{'told after [s]':<24} {'slack after [s]':<16}"
    yield f"{'fault, alone':28}{'runs':>6}{'ends':>6}   {times}{'above [N]':>9}{'[N/s]':>8}"
    yield f"{'':28}{'':>6}{'':>6}   {'  50 %  99 %  most  owed':<24} {' 99 %  most':<16}"
    for one in report.lines():
        yield _row(one)
    for number, said in report.broken[:WORST]:
        yield f"run {number}: {said}   (opentraction replay {number} --seed {report.seed})"


def _row(one: Line) -> str:
    owed = f"{one.fault.detect:.2f}" if one.fault.owed == ENDS else "-"
    times = f"{_s(one.detect_median)} {_s(one.detect_99)} {_s(one.detect_most)} {owed:>5}"
    mark = f"  {one.broken} BROKEN" if one.broken else ""
    share = "" if math.isnan(one.ended) else f"{100.0 * one.ended:.0f} %"
    return (
        f"{one.fault.name:28}{one.runs:6d}{share:>6}   {times:<24} {_s(one.stop_99)} {_s(one.stop_most):<10}"
        f"{one.excess:9.0f}{one.steepest:8.0f}{mark}"
    )


def _s(value: float) -> str:
    return "    -" if math.isnan(value) else f"{value:5.2f}"


def document(report: Report) -> dict[str, Any]:
    """The report as data: plain numbers, None where there is none."""
    return {
        "seed": report.seed,
        "runs": report.runs,
        "simulated_s": report.seconds,
        "traces_sha256": report.digest,
        "cells": {"of": CELLS, "met": len(report.cells), "least": min(report.cells.values(), default=0)},
        "phases": [v.PHASE_NAMES[phase] for phase in PHASES],
        "missed": report.missed,
        "clean_s": report.clean_seconds,
        "false_stops": report.false_stops,
        "borne_s": report.borne_seconds,
        "borne_stops": report.borne_stops,
        "monitors": {
            name: {"words": words, "broken": report.of(name), "upper_95": report.bound(report.of(name))}
            for name, words in MONITORS.items()
        },
        "faults": [_plain(one) for one in report.lines()],
        "broken": [{"run": number, "what": said} for number, said in report.broken],
    }


def _plain(one: Line) -> dict[str, Any]:
    fault = one.fault
    numbers = {
        "ended": one.ended,
        "detect_median_s": one.detect_median,
        "detect_99_s": one.detect_99,
        "detect_most_s": one.detect_most,
        "slack_99_s": one.stop_99,
        "slack_most_s": one.stop_most,
        "excess_n": one.excess,
        "steepest_n_per_s": one.steepest,
        "owed_detect_s": fault.detect if fault.owed == ENDS else math.nan,
    }
    known = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    about = {"name": fault.name, "hazard": fault.hazard, "words": fault.words, "owed": fault.owed}
    return {**about, "runs": one.runs, **known, "broken": one.broken}
