"""How much of an exercise this time, and why: a fold over the log. Up only after good ones, down after a bad one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from opentraction.care.home.exercises import Axis, Exercise
from opentraction.care.home.log import LogEntry
from opentraction.care.home.rules import dose_rules
from opentraction.care.home.stops import StopRule, stop_rules
from opentraction.care.home.words import ENGLISH, Said, Texts, sentences


@dataclass(frozen=True, slots=True)
class Dose:
    """The number on each axis of an exercise, in the axes' order."""

    exercise: str
    values: tuple[tuple[str, int], ...]

    def get(self, axis: str, other: int = 1) -> int:
        """The number on `axis`, or `other` where the exercise has no such axis."""
        return dict(self.values).get(axis, other)

    def words(self, texts: Texts = ENGLISH) -> str:
        """`3 times, hang 10 s`"""
        keys = ((f"axis.{name}.1" if n == 1 and f"axis.{name}.1" in sentences() else f"axis.{name}", n)
                for name, n in self.values)  # fmt: skip
        return ", ".join(texts.get(key, sentences()[key]).format(n=n) for key, n in keys)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next: the dose with its reasons. `action`: start, same, up, down, stop or emergency.

    `dose` is None for stop and emergency: nothing is to be done, which is not a dose of zero.
    """

    action: str
    dose: Dose | None
    reasons: tuple[Said, ...]


@dataclass(slots=True)
class _State:
    """Where the fold stands."""

    values: dict[str, int]
    good: dict[str, int]
    changed: dict[str, datetime]
    last: LogEntry | None = None
    went: str = ""
    fired: tuple[str, ...] = ()
    bad_run: int = 0
    raised_at: datetime | None = None
    action: str = "start"
    reasons: tuple[Said, ...] = field(default_factory=lambda: (Said("reason.start"),))


def first_dose(exercise: Exercise) -> Dose:
    """The dose to begin with."""
    return Dose(exercise.id, tuple((axis.name, axis.start) for axis in exercise.axes))


def next_dose(exercise: Exercise, log: Iterable[LogEntry], now: datetime, cleared: datetime | None = None) -> Advice:
    """The dose for `now` from the whole log of a person, in any order.

    Entries of other exercises count only where a stop rule is for all of them. `cleared` is when a clinician said to go
    on: what was logged until then is over, and the exercise begins anew.
    """
    past = sorted((e for e in log if e.at <= now), key=lambda e: (e.at, e.id))
    entries = [e for e in past if cleared is None or e.at > cleared]
    stop = halted(entries)
    if stop is not None:
        return stop
    state = _begin(exercise)
    if cleared is not None and len(entries) < len(past):
        state.reasons = (Said("reason.cleared"),)
    for entry in (e for e in entries if e.exercise == exercise.id):
        stop = _stops(exercise, state, entry)
        if stop is not None:
            return stop
        if entry.tried:
            _move_up(exercise, state, entry.at)
            _absorb(exercise, state, entry)
            if state.bad_run >= dose_rules().bad_in_a_row:
                return Advice("stop", None, (Said("reason.two-bad"),))
    _move_up(exercise, state, now)
    values = tuple((axis.name, state.values[axis.name]) for axis in exercise.axes)
    return Advice(state.action, Dose(exercise.id, values), state.reasons)


def halted(log: Sequence[LogEntry]) -> Advice | None:
    """Whether an entry of any exercise stops all of them; an emergency before a call."""
    rules = [rule for rule in stop_rules().values() if rule.scope == "all"]
    fired = [rule for entry in log for rule in rules if rule.fires(entry)]
    if not fired:
        return None
    return _stop_for(next((rule for rule in fired if rule.then == "emergency"), fired[0]))


def _stop_for(rule: StopRule) -> Advice:
    if rule.then == "emergency":
        return Advice("emergency", None, (Said("reason.emergency", why=(rule.key,)),))
    return Advice("stop", None, (Said("reason.call", why=(rule.key,)),))


def _begin(exercise: Exercise) -> _State:
    start = {axis.name: axis.start for axis in exercise.axes}
    return _State(start, dict.fromkeys(start, 0), {})


def _stops(exercise: Exercise, state: _State, entry: LogEntry) -> Advice | None:
    """A rule that says call, at once or because it fired the time before as well."""
    fired = [rule for rule in exercise.stops if rule.fires(entry)]
    for rule in fired:
        then = rule.again if rule.id in state.fired else rule.then
        if then != "lower":
            return _stop_for(rule)
    if entry.tried:
        state.fired = tuple(rule.id for rule in fired)
    return None


def _absorb(exercise: Exercise, state: _State, entry: LogEntry) -> None:
    """Judge one session that was done at least in part."""
    if not state.changed:
        state.changed = dict.fromkeys(state.values, entry.at)
    why = _bad(exercise, state, entry)
    if why is not None:
        state.went, state.bad_run = "bad", state.bad_run + 1
        _down(exercise, state, entry.at, why)
    elif None in (entry.nrs_before, entry.nrs_after, entry.leg, entry.dizzy):
        _same(state, "unknown")
    elif entry.done == "partly":
        _same(state, "partly")
        state.bad_run = 0
    else:
        assert entry.rise is not None
        assert entry.rise <= dose_rules().good_rise
        _same(state, "good")
        state.bad_run = 0
        state.good = {name: count + 1 for name, count in state.good.items()}
    state.last = entry


def _bad(exercise: Exercise, state: _State, entry: LogEntry) -> tuple[str, str] | None:
    """Why a session counts as bad: a stop rule, or pain that was carried over from the one before."""
    rule = next((one for one in exercise.stops if one.fires(entry)), None)
    if rule is not None:
        return rule.key
    if state.last is None or state.last.nrs_before is None or entry.nrs_before is None:
        return None
    soon = entry.at - state.last.at <= timedelta(hours=dose_rules().carry_over_hours)
    more = entry.nrs_before - state.last.nrs_before > dose_rules().carry_over
    return ("reason.carried", sentences()["reason.carried"]) if soon and more else None


def _same(state: _State, went: str) -> None:
    state.went, state.action = went, "same"
    state.reasons = (Said("reason.same" if went == "good" else f"reason.{went}"),)


def _down(exercise: Exercise, state: _State, at: datetime, why: tuple[str, str] | None, said: str = "lowered") -> None:
    """Every axis one step down, never under the first dose."""
    lower = {axis.name: max(axis.start, state.values[axis.name] - axis.step) for axis in exercise.axes}
    key = "floor" if why is not None and lower == state.values else said
    state.reasons = (Said(f"reason.{key}", why=(why,) if why else ()),)
    state.action = "same" if lower == state.values else "down"
    state.values, state.good = lower, dict.fromkeys(lower, 0)
    state.changed = dict.fromkeys(lower, at)


def _move_up(exercise: Exercise, state: _State, at: datetime) -> None:
    """What the time since the last session brings: back after a long gap, else one axis up when all went well."""
    if state.last is None:
        return
    away = (at - state.last.at) // timedelta(days=1)
    if away >= dose_rules().gap_days_lower:
        _after_gap(exercise, state, at, away)
    elif state.went == "good":
        _raise_one(exercise, state, at)


def _after_gap(exercise: Exercise, state: _State, at: datetime, away: int) -> None:
    if away >= dose_rules().gap_days_start:
        _down(exercise, state, at, None, "gap-start")
        state.values = {axis.name: axis.start for axis in exercise.axes}
    else:
        _down(exercise, state, at, None, "gap-lower")
    state.went, state.fired, state.bad_run = "", (), 0


def _raise_one(exercise: Exercise, state: _State, at: datetime) -> None:
    room = [axis for axis in exercise.axes if state.values[axis.name] < axis.most]
    if not room:
        state.reasons = (Said("reason.most"),)
        return
    rested = state.raised_at is None or at - state.raised_at >= timedelta(hours=48)
    axis = next((one for one in room if _ripe(one, state, at)), None)
    if axis is None or not rested:
        enough = any(state.good[one.name] >= one.after_good for one in room)
        state.reasons = (Said("reason.too-soon" if enough else "reason.same"),)
        return
    state.values[axis.name] = min(axis.most, state.values[axis.name] + axis.step)
    state.good[axis.name], state.changed[axis.name], state.raised_at = 0, at, at
    state.went, state.action, state.reasons = "", "up", (Said("reason.raised"),)


def _ripe(axis: Axis, state: _State, at: datetime) -> bool:
    enough = state.good[axis.name] >= axis.after_good
    return enough and at - state.changed[axis.name] >= timedelta(days=axis.after_days)
