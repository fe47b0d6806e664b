"""How a course went so far: sessions, checks, scores. What was not asked is None, never zero and never good."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import ENDINGS
from opentraction.screening import LIMITS, Action, Overridden, Verdict, VisitCheck, validity

FELT = ("comfortable", "noticeable", "strong", "painful")
VERDICTS = tuple(Action.__members__)
DECISIONS = ("examined", "modified", "taper")


def _within(where: str, value: float | None, low: float, high: float, whole: bool = True) -> None:
    """Refuse what no such answer can be."""
    if value is None:
        return
    kind = isinstance(value, int) if whole else isinstance(value, int | float)
    if isinstance(value, bool) or not kind or not math.isfinite(value) or not low <= value <= high:
        what = "a whole number" if whole else "a number"
        raise BadInput(where, value, f"{what} from {low:g} to {high:g}, or left out when it was not asked")


def _one_of(where: str, value: str | None, words: tuple[str, ...]) -> None:
    if value is not None and value not in words:
        raise BadInput(where, value, "one of " + ", ".join(words))


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain now, NPRS 0-10: in the back or neck (`spine`), in the leg or arm (`limb`). None is not asked."""

    spine: int | None = None
    limb: int | None = None

    def __post_init__(self) -> None:
        _within("pain.spine", self.spine, 0, 10)
        _within("pain.limb", self.limb, 0, 10)

    @property
    def worst(self) -> int | None:
        """The higher of what is known."""
        known = [score for score in (self.spine, self.limb) if score is not None]
        return max(known, default=None)


NOT_ASKED = Pain()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDone:
    """One session that took place.

    `force` [N] and `length` [s] are what was prescribed, `treated` [s] what was pulled; `comfort` 0 worst, 10 best;
    `soreness_hours` is asked at the next visit; `ended` is aware of its time zone.
    """

    day: date
    force: float | None = None
    length: float | None = None
    treated: float | None = None
    ending: str | None = None
    before: Pain = NOT_ASKED
    after: Pain = NOT_ASKED
    felt: str | None = None
    comfort: int | None = None
    soreness_hours: float | None = None
    peripheralised: bool | None = None
    new_distal: bool | None = None
    dizzy: bool | None = None
    systolic_before: int | None = None
    systolic_after: int | None = None
    stop_reason: str = ""
    table_released: bool | None = None
    ended: datetime | None = None

    def __post_init__(self) -> None:
        _within("session.force", self.force, 1.0, 1000.0, whole=False)
        _within("session.length", self.length, 0.0, 3600.0, whole=False)
        _within("session.treated", self.treated, 0.0, 36000.0, whole=False)
        _within("session.comfort", self.comfort, 0, 10)
        _within("session.soreness_hours", self.soreness_hours, 0.0, 1000.0, whole=False)
        _within("session.systolic_before", self.systolic_before, 40, 300)
        _within("session.systolic_after", self.systolic_after, 40, 300)
        _one_of("session.ending", self.ending, ENDINGS)
        _one_of("session.felt", self.felt, FELT)
        if self.ended is not None and self.ended.tzinfo is None:
            raise BadInput("session.ended", self.ended.isoformat(), "a time that knows its zone")

    @property
    def counts(self) -> bool:
        """Whether anything was pulled; what is not known is counted."""
        return self.treated is None or self.treated > 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What is asked and examined before today's pull.

    `red_flags` are ids of screening rules, empty for none, None for not asked; `strength_drop` [MRC grades] since the
    last visit; `weakest_muscle` [MRC grade]; `says` is what screening's check of the day says, where it was asked.
    """

    day: date
    pain: Pain = NOT_ASKED
    red_flags: tuple[str, ...] | None = None
    strength_drop: int | None = None
    weakest_muscle: int | None = None
    new_distal: bool | None = None
    systolic: int | None = None
    diastolic: int | None = None
    says: str | None = None

    def __post_init__(self) -> None:
        _one_of("today.says", self.says, VERDICTS)
        _within("today.strength_drop", self.strength_drop, 0, 5)
        _within("today.weakest_muscle", self.weakest_muscle, 0, 5)
        _within("today.systolic", self.systolic, 40, 300)
        _within("today.diastolic", self.diastolic, 20, 250)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores of one day: pain 0-10, RMDQ 0-24, ODI and NDI in percent."""

    day: date
    pain: Pain = NOT_ASKED
    rmdq: int | None = None
    odi: float | None = None
    ndi: float | None = None

    def __post_init__(self) -> None:
        _within("score.rmdq", self.rmdq, 0, 24)
        _within("score.odi", self.odi, 0.0, 100.0, whole=False)
        _within("score.ndi", self.ndi, 0.0, 100.0, whole=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What screening said, when, and until when it counts; its limits, and the rules that fired."""

    day: date
    verdict: str
    limits: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    valid_until: date | None = None

    def __post_init__(self) -> None:
        _one_of("screening.verdict", self.verdict, VERDICTS)
        for limit in self.limits:
            _one_of("screening.limits", limit, LIMITS)

    @property
    def until(self) -> date:
        """The last day it counts: never longer than screening lets it."""
        longest = self.day + timedelta(days=validity().intake_days)
        return longest if self.valid_until is None else min(self.valid_until, longest)

    @staticmethod
    def of(said: Verdict | Overridden) -> Screened:
        """What a verdict of screening means for a course; overridden, it is the clinician's CAUTION."""
        verdict = said.verdict if isinstance(said, Overridden) else said
        return Screened(
            day=verdict.decided,
            verdict=said.action.name,
            limits=tuple(said.limits),
            rules=tuple(dict.fromkeys(reason.rule for reason in verdict.reasons if reason.known)),
            valid_until=verdict.valid_until,
        )


def warning_signs(visit: VisitCheck) -> tuple[str, ...] | None:
    """The rules of screening's check of the day that refer or exclude; None while an answer is open."""
    if visit.missing:
        return None
    return tuple(dict.fromkeys(one.rule for one in visit.reasons if one.known and one.action > Action.HOLD))


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A clinician looked after session number `after` and decided: examined, modified (the plan) or taper."""

    day: date
    after: int
    decision: str
    why: str = ""

    def __post_init__(self) -> None:
        _one_of("review.decision", self.decision, DECISIONS)
        _within("review.after", self.after, 0, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything about a course that was asked, done and decided; sessions in the order they took place."""

    sessions: tuple[SessionDone, ...] = ()
    baseline: Scores | None = None
    scores: tuple[Scores, ...] = ()
    screened: Screened | None = None
    consented: date | None = None
    check: Check | None = None
    reviews: tuple[Review, ...] = ()
    onset: date | None = None
    imaging_fits: bool | None = None
    asks_surgeon: bool = False
    done: tuple[SessionDone, ...] = field(init=False)

    def __post_init__(self) -> None:
        for one, two in pairwise(self.sessions):
            if two.day < one.day:
                raise BadInput("session.day", two.day.isoformat(), f"{one.day.isoformat()} or later, sessions in order")
        object.__setattr__(self, "done", tuple(one for one in self.sessions if one.counts))
