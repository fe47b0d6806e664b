"""A person nothing keeps from anything, and log entries, for the tests of the home programme."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from opentraction.care.home import LogEntry, facts_known

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def well() -> dict[str, bool | float | str | None]:
    """Facts that pass every gate."""
    facts: dict[str, bool | float | str | None] = {
        name: False for name, fact in facts_known().items() if fact.kind == "yes-no"
    }
    return facts | {
        "verdict": "OK",
        "sbp": 118.0,
        "dbp": 76.0,
        "radiculopathy_weeks": 20.0,
        "helper": True,
        "centralises_extension": True,
    }


def entry(exercise: str, days: float = 0.0, **other: object) -> LogEntry:
    """A good session `days` after NOON, other than what is said."""
    values: dict[str, object] = {
        "done": "yes",
        "nrs_before": 3,
        "nrs_after": 3,
        "leg": "no",
        "dizzy": False,
    }
    at = NOON + timedelta(days=days)
    return LogEntry(
        id=f"entry-{exercise}-{days * 1000:08.0f}".replace(".", ""), exercise=exercise, at=at, **(values | other)
    )  # type: ignore[arg-type]
