"""Whether answers and a record speak of the same body: sex, age, mass, stature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from opentraction.patient import Body
from opentraction.screening.answers import Answer


@dataclass(frozen=True, slots=True)
class Near:
    """How far two tellings may be apart [years, kg, m]; our own proposals, reviewed by nobody yet.

    `unstated`: whether "I would rather not say" differs from a sex that is on record.
    """

    years: float
    mass: float
    stature: float
    unstated: bool = True


@dataclass(frozen=True, slots=True)
class Apart:
    """One difference, with its unit: `said` in the answers, `there` in the record."""

    what: str
    said: str
    there: str
    near: str = ""
    """What would have been near enough; empty for a sex."""


UNSTATED: Final = "unstated"


def apart(answers: Mapping[str, Answer], body: Body, near: Near) -> list[Apart]:
    """Every difference; none where a side does not say."""
    return [*_sex(answers.get("sex"), body, near), *_measures(answers, body, near)]


def _sex(said: Answer | None, body: Body, near: Near) -> list[Apart]:
    silent = not near.unstated and UNSTATED in {said, body.sex}
    return [Apart("sex", said, body.sex)] if isinstance(said, str) and said != body.sex and not silent else []


def _measures(answers: Mapping[str, Answer], body: Body, near: Near) -> Iterator[Apart]:
    measures = (
        ("age", "age", body.age, near.years, "years", 0),
        ("mass", "body_mass", body.mass, near.mass, "kg", 1),
        ("stature", "stature", body.stature, near.stature, "m", 2),
    )
    for what, key, there, most, unit, decimals in measures:
        said = answers.get(key)
        if isinstance(said, int | float) and not isinstance(said, bool) and abs(said - there) > most:
            yield Apart(what, f"{said:.{decimals}f} {unit}", f"{there:.{decimals}f} {unit}", f"{most:g}")
