"""What a console is told of a table's checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from opentraction.session.checks.desk import CheckDesk
from opentraction.session.checks.stop_trial import STOPS


def checks_now(desk: CheckDesk, now: datetime) -> dict[str, Any]:
    """In telemetry: whether anything is wrong or due."""
    return {"testing": desk.testing, "trouble": desk.book.why_not(now) or None, "due": desk.due}


def checks_whole(desk: CheckDesk, now: datetime) -> dict[str, Any]:
    """When asked: every finding of the power-on test, and how each stop stands."""
    book = desk.book
    power_on = None if book.power_on is None else [one.document() for one in book.power_on]
    stops = {stop: _stop(desk, stop, now) for stop in STOPS}
    return {**checks_now(desk, now), "unwritten": book.trouble or None, "power_on": power_on, "stops": stops}


def _stop(desk: CheckDesk, stop: str, now: datetime) -> dict[str, Any]:
    newest, due = desk.book.tried.get(stop), desk.book.due_since(stop)
    said = None if newest is None else {key: newest[key] for key in ("utc", "passed", "why", "findings", "by")}
    return {
        "due_utc": None if due is None else due.isoformat(timespec="seconds"),
        "due": _over(due, now),
        "newest": said,
    }


def _over(due: datetime | None, now: datetime) -> bool:
    return due is None or due < now
