"""Published measurements played through the model: measured, modelled, band, inside or not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from opentraction.body.column.anatomy import DISCS
from opentraction.body.column.chosen import Chosen, drawn
from opentraction.body.column.file import scenario_of
from opentraction.body.column.living import discs_of
from opentraction.body.column.play import ENOUGH, NotSolved, Seen, play
from opentraction.body.column.scenario import Scenario
from opentraction.body.column.tell import LEVEL, WHOLE
from opentraction.quantities import BadInput, State, Streams, parse_quantity
from opentraction.quantities.toml_file import Table, parse_toml

FloatArray = npt.NDArray[np.float64]
CALIBRATION, PREDICTION = "calibration", "prediction"
MARKS = ("read", "memory", "weak")
TOLERANCE = 0.30
"""Where no spread is published, so much of the measured number counts as inside."""
GOOD = 0.80
"""The share of predictions that has to be inside."""
UNITS = {"kpa": "kPa", "n": "N", "percent": "%"}
"""Of the last word of `observe`, where it is not written as people write it."""


@dataclass(frozen=True)
class Row:
    """One measurement and how it is played; numbers in the unit that `observe` ends in."""

    id: str
    what: str
    source: str
    mark: str
    use: str
    people: int
    observe: str
    levels: tuple[str, ...]
    at: float  # [s] since the scenario began
    since: float | None
    percent: bool
    measured: float
    low: float
    high: float
    scenario: Scenario
    control: Scenario | None
    why: str
    """What explains a miss."""
    blind: bool = False
    """Whether it was first played before anything was changed for it."""

    @property
    def unit(self) -> str:
        """Of its numbers, as people write it."""
        last = self.observe.rsplit("_", 1)[1]
        return "%" if self.percent else UNITS.get(last, last)


@dataclass(frozen=True)
class Outcome:
    """What the model says of a row: median and 90 % band of the bodies; NaN, and `why`, where it says nothing."""

    row: Row
    median: float
    p5: float
    p95: float
    why: str = ""
    left_out: int = 0
    """Bodies that could not be played."""

    @property
    def close(self) -> bool:
        """The median lies within the measured spread, or 30 % where none is published."""
        return self.row.low <= self.median <= self.row.high

    @property
    def inside(self) -> bool:
        """Close; or, for a prediction, the measured number lies in the band."""
        return self.close or (self.row.use == PREDICTION and self.p5 <= self.row.measured <= self.p95)


def published() -> tuple[Row, ...]:
    """The shipped measurements."""
    text = files("opentraction.body.column").joinpath("measurements.toml").read_text("utf-8")
    return read_rows(text, "measurements.toml")


def read_rows(text: str, source: str) -> tuple[Row, ...]:
    """Rows of a file of measurements. Raises BadInput, naming the field."""
    top = parse_toml(text, source)
    top.only("row")
    rows = tuple(_row(one) for one in top.counted("row"))
    if not rows:
        raise top.refuse("row", State("not there"), "one measurement or more, each written [[row]]")
    seen = [row.id for row in rows]
    for one in seen:
        if seen.count(one) > 1:
            raise BadInput("row.id", one, "a name that no other row has", source)
    return rows


def validate(
    rows: Sequence[Row], samples: int, streams: Streams, step: Callable[[int, int], None] | None = None
) -> list[Outcome]:
    """Play every row with the same bodies; `step` hears how many of how many are done."""
    bodies = drawn(samples, streams)
    outcomes = []
    for n, row in enumerate(rows):
        outcomes.append(_outcome(row, bodies))
        if step is not None:
            step(n + 1, len(rows))
    return outcomes


def _outcome(row: Row, bodies: Sequence[Chosen]) -> Outcome:
    """What the bodies say of a row; some that cannot be played are left out and counted, many are no answer."""
    with ThreadPoolExecutor() as pool:
        told = list(pool.map(partial(_tried, row), bodies))
    values = [one for one in told if isinstance(one, float)]
    why = next((one for one in told if isinstance(one, str)), "")
    left_out = len(told) - len(values)
    if len(values) < ENOUGH * len(told):
        return Outcome(row, math.nan, math.nan, math.nan, f"{left_out} of {len(told)} bodies: {why}", left_out)
    p5, median, p95 = np.percentile(values, [5, 50, 95])
    return Outcome(row, float(median), float(p5), float(p95), left_out=left_out)


def _tried(row: Row, body: Chosen) -> float | str:
    """The value, or why there is none."""
    try:
        value = value_of(row, body)
    except NotSolved as problem:
        return str(problem)
    return value if math.isfinite(value) else "per cent of a number that is 0"


def value_of(row: Row, body: Chosen) -> float:
    """What would be measured on one body; NaN for a share of nothing. Raises NotSolved."""
    value = _observed(row, row.scenario, body)
    return value if row.control is None else value - _observed(row, row.control, body)


def kept_promise(outcomes: Iterable[Outcome]) -> bool:
    """Every calibration row inside, and four predictions in five."""
    made = list(outcomes)
    predictions = [one for one in made if one.row.use == PREDICTION]
    calibrated = all(one.inside for one in made if one.row.use == CALIBRATION)
    return calibrated and sum(one.inside for one in predictions) >= GOOD * len(predictions)


def _observed(row: Row, scenario: Scenario, body: Chosen) -> float:
    times = np.unique([row.at] if row.since is None else [row.since, row.at])
    seen = play(scenario, times, body)
    values = _numbers(row, scenario, seen)
    now = float(values[np.searchsorted(times, row.at)])
    if row.since is None:
        return now
    before = float(values[np.searchsorted(times, row.since)])
    if row.percent:
        return 100.0 * (now - before) / before if before else math.nan
    return now - before


def _numbers(row: Row, scenario: Scenario, seen: Seen) -> FloatArray:
    """The observed number at the played times."""
    if row.observe in WHOLE:
        name, scale = WHOLE[row.observe]
        return np.asarray(getattr(seen, name) * scale)
    name, scale = LEVEL[row.observe]
    names = [DISCS[i] for i in discs_of(scenario.who)]
    picked = [names.index(level) for level in row.levels]
    return np.asarray(getattr(seen, name)[:, picked].sum(axis=1) * scale)


def _row(t: Table) -> Row:
    t.only(
        "id", "what", "source", "mark", "use", "people", "observe", "level", "at", "since", "percent", "measured", "sd",
        "low", "high", "person", "specimen", "stage", "control", "why", "blind",
    )  # fmt: skip
    who = {key: t.data[key] for key in ("person", "specimen") if key in t}
    scenario = scenario_of(t.holding({**who, "stage": t.data.get("stage", [])}), _no_profile)
    control = None
    if "control" in t:
        control = scenario_of(t.holding({**who, "stage": t.data["control"]}), _no_profile, "control stage")
    t.need("measured", "-1.5")
    measured = t.number("measured", -1e6, 1e6)
    low, high = _spread(t, measured)
    observe = t.word("observe", (*WHOLE, *LEVEL))
    return Row(
        id=t.text("id"),
        what=t.text("what", longest=200),
        source=t.text("source", longest=300),
        mark=t.word("mark", MARKS),
        use=t.word("use", (CALIBRATION, PREDICTION)),
        people=t.count("people", 0, 10**6, 0),
        observe=observe,
        levels=_levels(t, scenario) if observe in LEVEL else (),
        at=_moment(t, "at", scenario),
        since=_moment(t, "since", scenario) if "since" in t else None,
        percent=t.flag("percent"),
        measured=measured,
        low=low,
        high=high,
        scenario=scenario,
        control=control,
        why=t.text("why", "", longest=400),
        blind=t.flag("blind"),
    )


def _spread(t: Table, measured: float) -> tuple[float, float]:
    if "low" in t or "high" in t:
        return t.number("low", -1e6, measured), t.number("high", measured, 1e6)
    half = t.number("sd", 0.0, 1e6) if "sd" in t else TOLERANCE * abs(measured)
    return measured - half, measured + half


def _levels(t: Table, scenario: Scenario) -> tuple[str, ...]:
    """One level or several of those that the scenario has; several are added up."""
    value = t.need("level", '"L4-L5"')
    levels = tuple(value) if isinstance(value, list) else (value,)
    there = [DISCS[i] for i in discs_of(scenario.who)]
    if not levels or len(set(map(str, levels))) < len(levels):
        raise t.refuse("level", value, "a level, or a list of several, each once")
    for one in levels:
        if one not in there:
            raise t.refuse("level", one, f"what this body has: {', '.join(there)}")
    return levels


def _moment(t: Table, key: str, scenario: Scenario) -> float:
    """`[2, "30 min"]`: so long after the second stage's start, in seconds since the scenario began."""
    value: Any = t.need(key, '[1, "30 min"]')
    if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], int)):
        raise t.refuse(key, value, '[stage, time after its start], such as [1, "30 min"]')
    stage, after = value[0], parse_quantity(value[1], "time", t.place(key))
    if not 1 <= stage <= len(scenario.stages) or not 0.0 <= after <= scenario.stages[stage - 1].duration:
        stages = f"stages 1 to {len(scenario.stages)}" if len(scenario.stages) > 1 else "stage 1, the only one"
        raise t.refuse(key, value, f"a time within {stages}; the second value counts from that stage's start")
    return sum(one.duration for one in scenario.stages[: stage - 1]) + after


def _no_profile(_name: str, _who: object) -> NoReturn:
    raise BadInput("profile", State("a file"), "static, in a file of measurements")
