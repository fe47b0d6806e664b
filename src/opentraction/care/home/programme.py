"""The home programme of one person for one day: what to do, at which dose, what is held back, and why."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from opentraction.care.home.activity import Resting, resting
from opentraction.care.home.dose import Advice, Dose, halted, next_dose
from opentraction.care.home.exercises import Exercise, exercises
from opentraction.care.home.gates import Answer, Facts, checked_facts
from opentraction.care.home.log import LogEntry
from opentraction.care.home.rules import maintenance
from opentraction.care.home.words import Said, said_from
from opentraction.quantities import BadInput
from opentraction.quantities.canonical import Canonical

ALL = "all"
"""In `cleared`: a clinician said to go on with everything."""


@dataclass(frozen=True, slots=True)
class Item:
    """One exercise of today: its dose, why, how often today, and how often it was done already."""

    exercise: str
    dose: Dose
    action: str
    reasons: tuple[Said, ...]
    per_day: int
    done_today: int


@dataclass(frozen=True, slots=True)
class Held:
    """One exercise that is not for today. `kind`: blocked, unknown, order, later, past, resting or stopped."""

    exercise: str
    kind: str
    reason: Said


@dataclass(frozen=True, slots=True)
class HomeProgramme(Canonical):
    """What a person does at home today. `stop` says that everything ends until the clinic says go on."""

    week: int
    at: datetime
    items: tuple[Item, ...]
    held: tuple[Held, ...]
    rest: Resting | None = None
    maintenance: bool = False
    stop: Said | None = None
    emergency: bool = False

    def document(self) -> dict[str, object]:
        """The programme as JSON-able values."""
        return {
            "schema": 1,
            "week": self.week,
            "at": self.at.isoformat(),
            "items": [_item_document(item) for item in self.items],
            "held": [{"exercise": h.exercise, "kind": h.kind, "reason": h.reason.document()} for h in self.held],
            "rest": {"until": self.rest.until.isoformat(), "lift_kg": self.rest.lift_kg} if self.rest else None,
            "maintenance": self.maintenance,
            "stop": self.stop.document() if self.stop else None,
            "emergency": self.emergency,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> HomeProgramme:
        """The programme in a `document()`. Raises BadInput for anything else."""
        try:
            return _from(document)
        except (KeyError, TypeError, ValueError, AssertionError) as problem:
            if isinstance(problem, BadInput):
                raise
            raise BadInput("programme", type(problem).__name__, "a home programme as it was written") from None


def programme_for(
    facts: Facts,
    week: int,
    now: datetime,
    *,
    log: Sequence[LogEntry] = (),
    ordered: Collection[str] = (),
    cleared: Mapping[str, datetime] | None = None,
    session_ended: datetime | None = None,
) -> HomeProgramme:
    """What to do at home now, in week `week` (1 is the first) of the course. Raises BadInput.

    `facts` as in facts.toml, what is left out is unknown; `now` in the patient's time zone; `ordered` the devices a
    clinician ordered; `cleared` when a clinician said to go on, by exercise or `ALL`; `session_ended` the last pull.
    """
    _check_when(week, now)
    known, cleared = checked_facts(facts), cleared or {}
    rest, stop = resting(session_ended, now), _stopped(log, now, cleared.get(ALL))
    told = [
        _held(one, known, week, ordered, rest) or _dosed(one, stop, log, now, _latest(cleared, one.id))
        for one in exercises().values()
    ]
    return HomeProgramme(
        week,
        now,
        tuple(one for one in told if isinstance(one, Item)),
        tuple(one for one in told if isinstance(one, Held)),
        rest,
        maintenance=week > maintenance()[0],
        stop=stop.reasons[0] if stop else None,
        emergency=stop is not None and stop.action == "emergency",
    )


def _check_when(week: int, now: datetime) -> None:
    if now.utcoffset() is None:
        raise BadInput("now", now.isoformat(), "a time with its time zone")
    if week < 1:
        raise BadInput("week", week, "1 for the first week of the course")


def _stopped(log: Sequence[LogEntry], now: datetime, cleared: datetime | None) -> Advice | None:
    """What ends everything, told since a clinician last said to go on with everything."""
    return halted([one for one in log if one.at <= now and (cleared is None or one.at > cleared)])


def _dosed(
    exercise: Exercise, stop: Advice | None, log: Sequence[LogEntry], now: datetime, cleared: datetime | None
) -> Item | Held:
    """Today's dose of an exercise that nothing else holds back."""
    advice = stop or next_dose(exercise, log, now, cleared)
    if advice.dose is None:
        return Held(exercise.id, "stopped", advice.reasons[0])
    return _item(exercise, advice, log, now)


def _latest(cleared: Mapping[str, datetime], exercise: str) -> datetime | None:
    times = [cleared[key] for key in (ALL, exercise) if key in cleared]
    return max(times) if times else None


def _held(exercise: Exercise, facts: Facts, week: int, ordered: Collection[str], rest: Resting | None) -> Held | None:
    """Why it is not for today; a gate speaks before the calendar."""
    answers = [(gate, gate.answer(facts)) for gate in exercise.gates]
    for kind in (Answer.BLOCKS, Answer.UNKNOWN):
        whys = tuple((f"gate.{gate.id}.text", gate.text) for gate, answer in answers if answer is kind)
        if whys:
            name = "blocked" if kind is Answer.BLOCKS else "unknown"
            return Held(exercise.id, name, Said(f"held.{name}", why=whys))
    if exercise.order_needed and exercise.id not in ordered:
        return Held(exercise.id, "order", Said("held.order"))
    first, last = exercise.weeks
    if week < first:
        return Held(exercise.id, "later", Said("held.later", (("week", str(first)),)))
    if last and week > last:
        return Held(exercise.id, "past", Said("held.past"))
    if rest is not None and (exercise.bending or exercise.loading):
        why = "held.bending" if exercise.bending else "held.loading"
        return Held(exercise.id, "resting", Said(why, (("until", rest.until.strftime("%d %b %H:%M")),)))
    return None


def _item(exercise: Exercise, advice: Advice, log: Sequence[LogEntry], now: datetime) -> Item:
    assert advice.dose is not None
    done = sum(
        e.exercise == exercise.id and e.tried and e.at <= now and e.at.astimezone(now.tzinfo).date() == now.date()
        for e in log
    )
    return Item(exercise.id, advice.dose, advice.action, advice.reasons, exercise.per_day, done)


def _item_document(item: Item) -> dict[str, object]:
    return {
        "exercise": item.exercise,
        "dose": [list(pair) for pair in item.dose.values],
        "action": item.action,
        "reasons": [reason.document() for reason in item.reasons],
        "per_day": item.per_day,
        "done_today": item.done_today,
    }


def _from(document: Mapping[str, object]) -> HomeProgramme:
    data = json.loads(json.dumps(document))
    rest = data["rest"]
    return HomeProgramme(
        week=int(data["week"]),
        at=datetime.fromisoformat(data["at"]),
        items=tuple(
            Item(
                one["exercise"],
                Dose(one["exercise"], tuple((str(name), int(n)) for name, n in one["dose"])),
                one["action"],
                tuple(said_from(reason) for reason in one["reasons"]),
                int(one["per_day"]),
                int(one["done_today"]),
            )
            for one in data["items"]
        ),
        held=tuple(Held(one["exercise"], one["kind"], said_from(one["reason"])) for one in data["held"]),
        rest=Resting(datetime.fromisoformat(rest["until"]), int(rest["lift_kg"])) if rest else None,
        maintenance=bool(data["maintenance"]),
        stop=said_from(data["stop"]) if data["stop"] else None,
        emergency=bool(data["emergency"]),
    )
