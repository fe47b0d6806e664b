"""What a patient logs at home, and how much of what was asked was done. What was not told stays None, never zero."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from opentraction.quantities import BadInput

DONE = ("yes", "partly", "no")
LEG = ("no", "same", "spread", "weak")
SIGNS = ("saddle-or-bladder", "chest-or-breath", "head-or-eyes", "skin")
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_KEYS = ("id", "exercise", "at", "done", "nrs_before", "nrs_after", "leg", "dizzy", "signs", "minutes")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One session at home.

    `at` when it ended (with its time zone); pain 0-10 before and after; `leg` no trouble, same as before, spread
    further down, or weak; `signs` that end everything; `minutes` it took. None is what was not told.
    """

    id: str
    exercise: str
    at: datetime
    done: str
    nrs_before: int | None = None
    nrs_after: int | None = None
    leg: str | None = None
    dizzy: bool | None = None
    signs: tuple[str, ...] = ()
    minutes: float | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise BadInput("log.id", self.id, "8 to 64 letters, digits or -")
        if self.at.utcoffset() is None:
            raise BadInput("log.at", self.at.isoformat(), "a time with its time zone")
        _among("done", self.done, DONE)
        if self.leg is not None:
            _among("leg", self.leg, LEG)
        for sign in self.signs:
            _among("signs", sign, SIGNS)
        for name, score in (("nrs_before", self.nrs_before), ("nrs_after", self.nrs_after)):
            if score is not None and (isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= 10):
                raise BadInput(f"log.{name}", score, "a whole number from 0 to 10, or nothing")
        if self.minutes is not None and not 0.0 <= self.minutes <= 600.0:
            raise BadInput("log.minutes", self.minutes, "0 to 600 min, or nothing")

    @property
    def tried(self) -> bool:
        """Whether any of it was done."""
        return self.done != "no"

    @property
    def rise(self) -> int | None:
        """Pain after minus pain before; None when either is missing."""
        if self.nrs_before is None or self.nrs_after is None:
            return None
        return self.nrs_after - self.nrs_before

    def document(self) -> dict[str, object]:
        """The entry as JSON-able values."""
        return {
            "id": self.id,
            "exercise": self.exercise,
            "at": self.at.isoformat(),
            "done": self.done,
            "nrs_before": self.nrs_before,
            "nrs_after": self.nrs_after,
            "leg": self.leg,
            "dizzy": self.dizzy,
            "signs": list(self.signs),
            "minutes": self.minutes,
        }

    @classmethod
    def from_document(cls, document: object, exercises: Collection[str]) -> LogEntry:
        """The entry in what a player posted; `exercises` are the ids it may name. Raises BadInput."""
        if not isinstance(document, Mapping):
            raise BadInput("log", type(document).__name__, "an object with " + ", ".join(_KEYS))
        for key in document:
            if key not in _KEYS:
                raise BadInput(f"log.{str(key)[:40]}", document[key], ", ".join(_KEYS))
        return cls(
            id=_text(document, "id"),
            exercise=_among("exercise", _text(document, "exercise"), exercises),
            at=_time(_text(document, "at")),
            done=_text(document, "done"),
            nrs_before=document.get("nrs_before"),
            nrs_after=document.get("nrs_after"),
            leg=None if document.get("leg") is None else _text(document, "leg"),
            dizzy=_flag(document.get("dizzy")),
            signs=_signs(document.get("signs")),
            minutes=_minutes(document.get("minutes")),
        )


@dataclass(frozen=True, slots=True)
class Adherence:
    """How much of what was asked from `since` to `until` (both included) was done.

    `asked`, `done` (yes), `partly`, `skipped` (told that it was not done) and `missing` (nothing told) count sessions;
    more than asked on one day counts as asked. `share` counts only whole ones, None when nothing was asked.
    """

    since: date
    until: date
    asked: int
    done: int
    partly: int
    skipped: int
    missing: int
    streak_days: int
    longest_days: int

    @property
    def share(self) -> float | None:
        """Sessions done of those asked, 0 to 1."""
        return self.done / self.asked if self.asked else None


def adherence(asked: Mapping[date, Mapping[str, int]], entries: Sequence[LogEntry], today: date) -> Adherence:
    """Compare what was asked (day -> exercise -> times) with the log, up to and with `today`.

    A day counts for a streak when every session asked was done at least in part; a day on which nothing was asked
    neither breaks nor lengthens it, and today does not break it while it lasts.
    """
    days = sorted(day for day in asked if day <= today)
    counts = {"yes": 0, "partly": 0, "no": 0}
    whole, total = [], 0
    for day in days:
        kept = 0
        for exercise, times in asked[day].items():
            told = sorted((e.done for e in entries if e.exercise == exercise and e.at.date() == day), key=DONE.index)[
                :times
            ]
            for done in told:
                counts[done] += 1
            kept += sum(done != "no" for done in told)
        times_asked = sum(asked[day].values())
        total += times_asked
        if times_asked:
            whole.append((day, kept >= times_asked))
    now, longest = _streaks(whole, today)
    return Adherence(
        since=days[0] if days else today,
        until=today,
        asked=total,
        done=counts["yes"],
        partly=counts["partly"],
        skipped=counts["no"],
        missing=total - sum(counts.values()),
        streak_days=now,
        longest_days=longest,
    )


def _streaks(days: Sequence[tuple[date, bool]], today: date) -> tuple[int, int]:
    run = longest = 0
    for day, kept in days:
        if kept:
            run += 1
        elif day < today:
            run = 0
        longest = max(longest, run)
    return run, longest


def asked_each_day(times: Mapping[str, int], since: date, until: date) -> dict[date, Mapping[str, int]]:
    """The same sessions asked on each day from `since` to `until`, both included."""
    return {since + timedelta(days=n): times for n in range((until - since).days + 1)}


def _among(key: str, value: str, words: Collection[str]) -> str:
    if value not in words:
        raise BadInput(f"log.{key}", value, "one of " + ", ".join(words))
    return value


def _text(document: Mapping[str, object], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or len(value) > 100:
        raise BadInput(f"log.{key}", value, "a text of at most 100 characters")
    return value


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("log.at", text, "a time such as 2026-05-04T18:30:00+00:00") from None


def _flag(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadInput("log.dizzy", value, "true, false or nothing")


def _signs(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or len(value) > len(SIGNS):
        raise BadInput("log.signs", value, "a list of " + ", ".join(SIGNS))
    return tuple(value)


def _minutes(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput("log.minutes", value, "0 to 600 min, or nothing")
    return float(value)
