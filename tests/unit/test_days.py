"""One answer to "which day is it at the clinic", whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from opentraction.clinic import days
from opentraction.clinic.agenda.diary import today_of
from opentraction.clinic.models import Clinic

CLINIC = Path(days.__file__).parent
LATE = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)  # the evening before in America, the afternoon in New Zealand
ASKING: dict[str, Callable[[Clinic, datetime], date]] = {
    "days": days.day_at,
    "agenda": today_of,
    "now there": lambda clinic, moment: days.local(clinic, moment).date(),
}


@pytest.mark.parametrize("asked", ASKING.values(), ids=ASKING)
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Chicago", date(2026, 12, 1)),
        ("Pacific/Auckland", date(2026, 12, 2)),
        ("UTC", date(2026, 12, 2)),
        ("Mars/Olympus", date(2026, 12, 2)),
        ("../etc/passwd", date(2026, 12, 2)),
        ("America", date(2026, 12, 2)),
        ("", date(2026, 12, 2)),
    ],
)
def test_every_room_knows_the_same_day_and_none_breaks_on_an_unknown_zone(
    asked: Callable[[Clinic, datetime], date], zone: str, day: date
) -> None:
    assert asked(Clinic(time_zone=zone), LATE) == day


def test_nobody_else_works_out_the_zone_of_a_clinic() -> None:
    found = {
        path.relative_to(CLINIC).as_posix()
        for path in CLINIC.rglob("*.py")
        if "ZoneInfo(" in path.read_text("utf-8") and "migrations" not in path.parts
    }
    assert found == {"days.py"}
