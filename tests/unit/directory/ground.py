"""Places and people for the tests of the directory."""

from __future__ import annotations

from datetime import date

from opentraction.care.specialists import Held, Listing, Point, folded
from opentraction.clinic.directory.actions.batch import tables, upsert
from opentraction.clinic.directory.models import Place, Review, Specialist

TODAY = date(2026, 11, 22)
PLACES = {
    "78701": ("Austin", "TX", 30.27, -97.74),
    "78664": ("Round Rock", "TX", 30.51, -97.68),
    "78201": ("San Antonio", "TX", 29.47, -98.53),
    "73301": ("Austin", "TX", 30.33, -97.77),
    "04530": ("Austin", "ME", 43.90, -69.80),
}


def listing(number: str, name: str, code: str, *groups: str, updated: date = TODAY, **more: object) -> Listing:
    """A person at a ZIP code; by default a chiropractor."""
    held = tuple(Held("", group, n == 0) for n, group in enumerate(groups or ("chiropractor",)))
    fields: dict[str, object] = {
        "registry": "TEST",
        "number": number,
        "kind": "person",
        "name": name,
        "sort_name": folded(name),
        "credential": "",
        "street": "1 Main St",
        "city": PLACES.get(code, ("Nowhere",))[0],
        "state": "TX",
        "postal_code": code,
        "country": "US",
        "phone": "",
        "listed": None,
        "updated": updated,
        "held": held,
    }
    return Listing(**(fields | more))  # type: ignore[arg-type]


class Ground:
    """Puts listings and reviews in."""

    def __init__(self) -> None:
        tables()
        for code, (city, state, latitude, longitude) in PLACES.items():
            Place.objects.create(
                country="US",
                code=code,
                city=city,
                town=folded(city),
                state=state,
                latitude=latitude,
                longitude=longitude,
            )

    def put(self, *listings: Listing) -> list[Specialist]:
        upsert(listings)
        return [self.get(one.number) for one in listings]

    def get(self, number: str) -> Specialist:
        return Specialist.objects.get(registry="TEST", number=number)

    def review(self, specialist: Specialist, *stars: int, day: date = TODAY) -> None:
        for n, each in enumerate(stars):
            visit = f"{specialist.pk}-{day}-{n}-{Review.objects.count()}"
            Review(specialist=specialist, visit=visit, visit_day=day, stars=each, written=day).save()


def at(latitude: float, longitude: float) -> Point:
    return Point(latitude, longitude)
