"""How much of what was asked was done, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from opentraction.care.home import Adherence, LogEntry, adherence, exercises, programme_for
from opentraction.clinic.home.facts import facts_now
from opentraction.clinic.home.standing import Standing, pulls, week_of

DAYS: Final = 28
A_WEEK: Final = 7
Offered = Mapping[date, Mapping[str, int]]


def done_so_far(here: Standing) -> Adherence | None:
    """Sessions asked and done since the order, at most four weeks back; None where nothing is ordered."""
    return adherence(asked_days(here), here.log, here.today) if here.order else None


def asked_days(here: Standing) -> dict[date, Mapping[str, int]]:
    """What was asked on each of the last days of the programme: day -> exercise -> times.

    Of an exercise that is asked on some days of a week, the days on which it was done count first, then the last ones;
    days that are still to come in this week are not held against anybody. Packs are as needed: never asked.
    """
    assert here.order is not None
    first = max(here.order.began, here.today - timedelta(days=DAYS - 1))
    days = [first + timedelta(days=n) for n in range((here.today - first).days + 1)]
    facts, sessions = facts_now(here.patient, here.now), pulls(here.patient)
    offered = {day: _offered(here, day, facts, sessions) for day in days}
    return {
        day: {name: n for name, n in told.items() if _falls(here, offered, name, day)} for day, told in offered.items()
    }


def _offered(here: Standing, day: date, facts: Mapping[str, Any], sessions: list[datetime]) -> dict[str, int]:
    """The exercises of a day and how often, by the facts of today and the log until then."""
    assert here.order is not None
    noon = datetime.combine(day, time(12), here.now.tzinfo)
    log = [one for one in here.log if one.at.date() < day]
    cleared = {what: at for what, at in here.cleared.items() if at.astimezone(here.now.tzinfo).date() <= day}
    pulled = max((one for one in sessions if one <= noon), default=None)
    week = week_of(here.order.began, day)
    told = programme_for(facts, week, noon, log=log, ordered=here.order.ordered, cleared=cleared, session_ended=pulled)
    return {item.exercise: item.per_day for item in told.items if not exercises()[item.exercise].as_needed}


def _falls(here: Standing, offered: Offered, name: str, day: date) -> bool:
    """Whether the exercise is asked on this day of its week."""
    assert here.order is not None
    exercise, began = exercises()[name], here.order.began
    wanted = -(-exercise.per_week // exercise.per_day)
    week = week_of(began, day)
    own = [one for one in offered if week_of(began, one) == week and name in offered[one]]
    did = {one.at.date() for one in here.log if one.exercise == name and one.tried} & set(own)
    left = max(0, A_WEEK * week - (here.today - began).days - 1)
    count = min(wanted, max(len(did), wanted - left))
    return day in sorted(own, key=lambda one: (one not in did, -one.toordinal()))[:count]


def days_done(log: tuple[LogEntry, ...], today: date, days: int = A_WEEK) -> int:
    """On how many of the last days anything was done."""
    first = today - timedelta(days=days - 1)
    return len({one.at.date() for one in log if one.tried and first <= one.at.date() <= today})
