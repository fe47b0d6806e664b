"""What probably happens in the spine of whoever lies on the table: bodies of the same size, followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import NormalDist
from typing import Any

from opentraction.body.column.anatomy import DISCS, SHOWN
from opentraction.body.column.chosen import drawn
from opentraction.body.column.follow import Follower, Now
from opentraction.body.column.scenario import LYING, Somebody
from opentraction.body.ledger import told as claims_told
from opentraction.quantities.streams import Streams
from opentraction.session.documents import at_the_neck

BODIES = 20
"""So many bodies of this size, each with its own tissues, make the band."""
SEED = 20
LIVE = ("spine", "levels", "against-lying", "pressure")
AFTERWARDS = ("spine", "levels", "against-lying", "pressure", "fluid", "bulge", "foramen", "angle")
"""Places of the ledger that are told during a pull, and after it."""
AGES = (16.0, 100.0)
"""What the model has bodies for [years]; older or younger ones are taken at the end."""
GAUGES = {
    "opening_mm": ("opening", 1e3),
    "lying_mm": ("lying", 1e3),
    "against_lying_mm": ("against_lying", 1e3),
    "pressure_kpa": ("pressure", 1e-3),
    "pressure_lying_kpa": ("pressure_lying", 1e-3),
}


def follower_of(start: Mapping[str, Any], bodies: int = BODIES) -> Follower | None:
    """Bodies like the patient of a start document; None for a pull at the neck. Raises NotSolved."""
    plan = start["plan"]
    if at_the_neck(plan):
        return None
    streams = Streams(SEED)
    return Follower(
        somebody(start["patient"]),
        plan["position"] if plan["position"] in LYING else "supine",
        drawn(bodies, streams),
        angle=float(plan["angle"]),
        scores=_scores(bodies, streams),
    )


def somebody(patient: Mapping[str, Any]) -> Somebody:
    """The patient of a start document; a disc grade is that of the levels complained of, of all where none is named."""
    grade, levels = patient.get("disc_grade"), set(patient.get("levels") or ()) & set(DISCS)
    grades = tuple(float(grade) if grade and (not levels or disc in levels) else None for disc in DISCS)
    age = min(max(float(patient["age"]), AGES[0]), AGES[1])
    return Somebody(float(patient["mass_kg"]), float(patient["stature_m"]), age, str(patient["sex"]), grades)


def told(now: Now) -> dict[str, dict[str, list[float]]]:
    """By level and gauge: low end, median and high end of the band."""
    return {
        level: {
            gauge: [round(float(x) * factor, 3) for x in getattr(now, name)[:, i]]
            for gauge, (name, factor) in GAUGES.items()
        }
        for i, level in enumerate(SHOWN)
    }


def known(places: Iterable[str]) -> list[str]:
    """What the ledger lets be said at these places of the console, a line each: the claim, and how it stands."""
    return [f"{claim.says.rstrip('.')}: {claim.words}." for place in places for claim in claims_told(place)]


def _scores(count: int, streams: Streams) -> list[float]:
    """Where each body stands in the band of the force, one in each of so many equally likely strata."""
    share = (streams.stream("spine force").permutation(count) + 0.5) / count
    return [NormalDist().inv_cdf(float(u)) for u in share]
