"""The clinic's own results over many courses. Everybody who started is counted; who is missing is counted as missing.

A share is told three ways: of those with an outcome, with every missing one counted as a failure (worst case), and with
every missing one counted as a success (best case). Nobody is left out for coming too seldom: there is no per-protocol
figure here. Counts of 1 to 4 people are not published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from opentraction.care.outcomes.change import Change, change
from opentraction.care.outcomes.instrument import Instrument
from opentraction.care.outcomes.intervals import Interval, exact, funnel_limits, wilson
from opentraction.care.outcomes.library import instrument
from opentraction.care.outcomes.score import Score
from opentraction.quantities import BadInput

SMALL = 5
LIMITS = (0.95, 0.998)


@dataclass(frozen=True, slots=True)
class CourseOutcome:
    """One course: who gave it, scores before and after (None: missing), and its sessions.

    `sessions_with_event`: sessions with at least one adverse event; `sessions_with_serious`: with a serious one.
    """

    clinician: str
    before: Score | None
    after: Score | None
    sessions: int = 0
    sessions_with_event: int = 0
    sessions_with_serious: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.sessions_with_serious <= self.sessions_with_event <= self.sessions:
            told = f"{self.sessions_with_serious}, {self.sessions_with_event} of {self.sessions}"
            raise BadInput("course.sessions", told, "serious at most those with an event, those at most all")


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `known` people, `missing` not known. `told` is hidden where so few might be recognised."""

    name: str
    count: int
    known: int
    missing: int

    @property
    def interval(self) -> Interval | None:
        """Of those known, Wilson's 95 %."""
        return wilson(self.count, self.known)

    @property
    def worst(self) -> float | None:
        """Of all who started, every missing one counted as no."""
        started = self.known + self.missing
        return self.count / started if started else None

    @property
    def best(self) -> float | None:
        """Of all who started, every missing one counted as yes."""
        started = self.known + self.missing
        return (self.count + self.missing) / started if started else None

    @property
    def hidden(self) -> bool:
        """Whether it may be told to others: neither those who did nor those who did not may be 1 to 4."""
        return self.known < SMALL or 0 < self.count < SMALL or 0 < self.known - self.count < SMALL

    def document(self) -> dict[str, Any]:
        """As JSON holds it, hidden where it is small."""
        known: Any = small(self.known)
        if self.hidden or self.interval is None:
            return {"name": self.name, "hidden": True, "count": None, "known": known, "missing": self.missing}
        return {
            "name": self.name,
            "hidden": False,
            "count": self.count,
            "known": known,
            "missing": self.missing,
            "percent": _percent(self.interval.share),
            "low": _percent(self.interval.low),
            "high": _percent(self.interval.high),
            "worst_case": _percent(self.worst),
            "best_case": _percent(self.best),
        }


@dataclass(frozen=True, slots=True)
class Clinician:
    """One point of the funnel: `count` of `known`, and where chance alone would leave it (95 %, 99.8 %)."""

    name: str
    count: int
    known: int
    started: int
    inner: tuple[float, float]
    outer: tuple[float, float]

    @property
    def where(self) -> str:
        """`as expected`, `below`, `above`, `far below` or `far above` what chance alone would do."""
        share = self.count / self.known
        if self.inner[0] <= share <= self.inner[1]:
            return "as expected"
        side = "below" if share < self.inner[0] else "above"
        return side if self.outer[0] <= share <= self.outer[1] else f"far {side}"


@dataclass(frozen=True, slots=True)
class Results:
    """What a clinic can say of itself with one instrument."""

    instrument: str
    started: int
    with_outcome: int
    achieved: Share
    worse: Share
    clearly_worse: Share
    recovered: Share
    events: Share
    serious: Share
    clinicians: tuple[Clinician, ...]
    clinicians_small: int

    @property
    def missing(self) -> int:
        """Courses without a score before or after."""
        return self.started - self.with_outcome

    @property
    def cannot_tell(self) -> int:
        """Courses with both, whose start left no room for a worthwhile change; not counted as failures or successes."""
        return self.with_outcome - self.achieved.known

    @property
    def not_told(self) -> frozenset[str]:
        """Clinicians whose own share is not published: few people, and one more where the rest would give it away."""
        hidden = {one.name for one in self.clinicians if Share("", one.count, one.known, 0).hidden}
        others = [one for one in self.clinicians if one.name not in hidden]
        if len(hidden) + self.clinicians_small == 1 and others:
            hidden.add(min(others, key=lambda one: (one.known, one.name)).name)
        return frozenset(hidden)

    def document(self) -> dict[str, Any]:
        """As JSON holds it; what is small is hidden."""
        shares = (self.achieved, self.worse, self.clearly_worse, self.recovered)
        return {
            "doc": "clinic_results",
            "schema": 1,
            "instrument": self.instrument,
            "started": self.started,
            "with_outcome": self.with_outcome,
            "missing": self.missing,
            "cannot_tell": self.cannot_tell,
            "shares": [one.document() for one in shares],
            "sessions": {
                "count": self.events.known,
                "with_event": _sessions(self.events),
                "with_serious_event": _sessions(self.serious),
            },
            "clinicians": [_point(one, one.name in self.not_told) for one in self.clinicians],
            "clinicians_not_shown": self.clinicians_small,
            "words": self.words(),
        }

    @property
    def begun(self) -> str:
        """`1 course started`"""
        return f"{self.started} course{'' if self.started == 1 else 's'} started"

    def words(self) -> list[str]:
        """The same in sentences; uncontrolled, and it says so."""
        about = instrument(self.instrument)
        lines = [
            f"{self.begun}; {self.with_outcome} have {about.short} before and after; {self.missing} are missing.",
            f"In {self.cannot_tell} the start left no room for a worthwhile change." if self.cannot_tell else "",
            *(share_words(one) for one in (self.achieved, self.worse, self.clearly_worse, self.recovered)),
            session_words(self.events),
            session_words(self.serious),
            "No group without treatment is beside these numbers: people also get better by themselves.",
        ]
        return [line for line in lines if line]


def results(courses: Sequence[CourseOutcome], which: str) -> Results:
    """The results of `courses`, all that started, with the instrument `which`. Raises BadInput for another's score."""
    about = instrument(which)
    for course in courses:
        for one in (course.before, course.after):
            if one is not None and one.instrument != which:
                raise BadInput("course.score", one.instrument, f"scores of {which} alone")
    pairs = [(course, _change(about, course)) for course in courses]
    achieved = _share("a worthwhile change", pairs, "worthwhile")
    sessions = sum(course.sessions for course in courses)
    names, funnel = sorted({course.clinician for course in courses}), []
    for name in names:
        own = _share("", [pair for pair in pairs if pair[0].clinician == name], "worthwhile")
        if own.known >= SMALL and achieved.interval is not None:
            funnel.append(_clinician(name, own, achieved.interval.share))
    return Results(
        which,
        len(courses),
        sum(one is not None for _, one in pairs),
        achieved,
        _share("worse at all", pairs, "direction"),
        _share("clearly worse", pairs, "clearly_worse"),
        _share("recovered", pairs, "recovered"),
        Share("an adverse event", sum(c.sessions_with_event for c in courses), sessions, 0),
        Share("a serious adverse event", sum(c.sessions_with_serious for c in courses), sessions, 0),
        tuple(funnel),
        len(names) - len(funnel),
    )


def _change(about: Instrument, course: CourseOutcome) -> Change | None:
    """None where either score is missing (PGIC and GROC need only the later one)."""
    if course.after is None or course.after.value is None:
        return None
    if not about.anchor and (course.before is None or course.before.value is None):
        return None
    return change(course.before, course.after)


def _share(name: str, pairs: Iterable[tuple[CourseOutcome, Change | None]], what: str) -> Share:
    """How many say yes; no outcome, or one that cannot tell, is missing."""
    told = [None if one is None else _says(getattr(one, what)) for _, one in pairs]
    return Share(name, sum(one is True for one in told), sum(one is not None for one in told), told.count(None))


def _says(word: str) -> bool | None:
    return None if word == "unknown" else word in {"yes", "worse"}


def _clinician(name: str, own: Share, overall: float) -> Clinician:
    inner, outer = (funnel_limits(own.known, overall, level) for level in LIMITS)
    return Clinician(name, own.count, own.known, own.known + own.missing, inner, outer)


def small(count: int) -> int | str:
    """A number of people as it may be published: 1 to 4 are not told apart."""
    return "1 to 4" if 0 < count < SMALL else count


def share_words(share: Share) -> str:
    """One sentence with interval, missing and bounds."""
    if share.hidden or share.interval is None:
        return f"{share.name.capitalize()}: too few people to publish."
    i = share.interval
    head = (
        f"{share.name.capitalize()}: {share.count} of {share.known}, {100 * i.share:.0f} % "
        f"(95 % {100 * i.low:.0f} to {100 * i.high:.0f} %)"
    )
    if share.missing == 0 or share.worst is None or share.best is None:
        return f"{head}; none missing."
    bounds = f"{100 * share.worst:.0f} and {100 * share.best:.0f} %"
    return f"{head}; of all who started between {bounds}, whatever the missing would say."


def session_words(share: Share) -> str:
    """Adverse events are told however few they are: hiding them would hide harm. The interval is the exact one."""
    bounds = exact(share.count, share.known)
    if bounds is None:
        return ""
    count = "1 to 4" if 0 < share.count < SMALL else str(share.count)
    if 0 < share.count < SMALL:
        highest = exact(SMALL - 1, share.known) if share.known >= SMALL else None
        top = "" if highest is None else f", at most {100 * highest.high:.2g} % of sessions"
        return f"{share.name.capitalize()} in {count} of {share.known} sessions{top}."
    return (
        f"{share.name.capitalize()} in {count} of {share.known} sessions, {100 * bounds.share:.2g} % "
        f"(95 % {100 * bounds.low:.2g} to {100 * bounds.high:.2g} %)."
    )


def _sessions(share: Share) -> dict[str, Any]:
    bounds = exact(share.count, share.known)
    few = 0 < share.count < SMALL
    return {
        "count": small(share.count),
        "percent": None if few or bounds is None else _percent(bounds.share),
        "low": None if few or bounds is None else _percent(bounds.low),
        "high": None if few or bounds is None else _percent(bounds.high),
    }


def _point(one: Clinician, hidden: bool) -> dict[str, Any]:
    return {
        "clinician": one.name,
        "known": one.known,
        "percent": None if hidden else _percent(one.count / one.known),
        "where": None if hidden else one.where,
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100.0 * share, 1)
