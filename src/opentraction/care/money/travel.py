"""What getting there costs: trips, hours and distance. The articles only say that the ride may hurt (I55)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from opentraction.care.money.money import Money, parse_money
from opentraction.care.money.record import Record
from opentraction.quantities import BadInput, parse_quantity
from opentraction.quantities.toml_file import Table

_DISTANCE = re.compile(r"^([0-9]{1,4})(?:\.([0-9]{1,2}))? (km|mi)$", re.ASCII)
_RATE = re.compile(r"^(.{4,20}) per (km|mi)$", re.ASCII)
CHAIR_MINUTES: Final = 45  # from door to door of a visit; clinical reference I23, 30 to 45 min in the articles


@dataclass(frozen=True, slots=True)
class Travel(Record):
    """One way: minutes, and a distance of `hundredths` of a `unit`; `per_unit` and `per_trip` (there and back) cost."""

    minutes: int
    hundredths: int
    unit: str
    per_unit: Money | None = None
    per_trip: Money | None = None
    exam_same_day: bool = True

    @property
    def distance(self) -> Fraction:
        """One way, in `unit`."""
        return Fraction(self.hundredths, 100)


@dataclass(frozen=True, slots=True)
class Burden(Record):
    """Of a number of sessions: trips there and back, whole minutes on the road and at the clinic, distance, cost."""

    trips: int
    road_minutes: int
    clinic_minutes: int
    hundredths: int
    unit: str
    cost: Money | None

    def words(self) -> str:
        """`20 trips, 16 h on the road, 15 h at the clinic, 300 mi`; the cost where it was given."""
        far = Fraction(self.hundredths, 100)
        distance = round(far) if far >= 10 else f"{float(far):g}"
        told = (
            f"{self.trips} trip{'' if self.trips == 1 else 's'}, {hours(self.road_minutes)} on the road, "
            f"{hours(self.clinic_minutes)} at the clinic, {distance} {self.unit}"
        )
        return told if self.cost is None else f"{told}, about {self.cost.show()} for the way"


def hours(minutes: int) -> str:
    """`16 h`, `1 h 30 min`, `40 min`."""
    whole, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{whole} h" * bool(whole), f"{rest} min" * bool(rest)) if part) or "0 min"


def burden(travel: Travel, sessions: int) -> Burden:
    """What `sessions` visits ask of somebody; the first examination is a trip of its own unless on the same day."""
    trips = sessions + (0 if travel.exam_same_day else 1)
    ways = 2 * trips
    return Burden(
        trips=trips,
        road_minutes=travel.minutes * ways,
        clinic_minutes=CHAIR_MINUTES * trips,
        hundredths=travel.hundredths * ways,
        unit=travel.unit,
        cost=_cost(travel, trips),
    )


def _cost(travel: Travel, trips: int) -> Money | None:
    """Rounded once for the whole course, not a trip at a time."""
    parts = []
    if travel.per_unit is not None:
        parts.append(travel.per_unit.share(travel.distance * 2 * trips))
    if travel.per_trip is not None:
        parts.append(travel.per_trip * trips)
    return sum(parts[1:], start=parts[0]) if parts else None


def travel_of(table: Table, currency: str) -> Travel | None:
    """The way in a table of a file; None for an empty table. Raises BadInput."""
    if not table:
        return None
    table.only("time_one_way", "distance_one_way", "rate", "per_trip", "exam_same_day")
    try:
        return _travel(table, currency)
    except BadInput as refusal:
        raise refusal.within(table.source) from None


def _travel(table: Table, currency: str) -> Travel:
    hundredths, unit = _distance(table)
    seconds = parse_quantity(table.need("time_one_way", '"25 min"'), "time", table.place("time_one_way"))
    if not 0 <= seconds <= 24 * 3600:
        raise table.refuse("time_one_way", table.data["time_one_way"], 'from "0 min" to "24 h"')
    per_trip = parse_money(table.data["per_trip"], table.place("per_trip")) if "per_trip" in table else None
    if per_trip is not None and per_trip.currency != currency:
        raise table.refuse("per_trip", per_trip.written(), f"an amount in {currency}, the currency of the prices")
    return Travel(
        minutes=round(seconds / 60),
        hundredths=hundredths,
        unit=unit,
        per_unit=_rate(table, unit, currency) if "rate" in table else None,
        per_trip=per_trip,
        exam_same_day=table.flag("exam_same_day") if "exam_same_day" in table else True,
    )


def _distance(table: Table) -> tuple[int, str]:
    written = table.text("distance_one_way")
    match = _DISTANCE.match(written)
    if match is None:
        raise table.refuse("distance_one_way", written, 'a distance such as "7.5 mi" or "12 km"')
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")), match[3]


def _rate(table: Table, unit: str, currency: str) -> Money:
    """Money for a unit of the distance; a rate in the other unit is refused, a cent a mile is no whole cent a km."""
    written = table.text("rate")
    match = _RATE.match(written)
    if match is None or match[2] != unit or not match[1].endswith(currency):
        raise table.refuse("rate", written, f'money for a distance, such as "0.70 {currency} per {unit}"')
    return parse_money(match[1], table.place("rate"))
