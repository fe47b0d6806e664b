"""What is known of one person, as far as the roads to choose from depend on it. None is not known, never no."""

from __future__ import annotations

import math
import typing
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self

from opentraction.quantities import BadInput

HERNIATIONS: Final = ("none", "bulge", "protrusion", "extrusion", "sequestration")
REGIONS: Final = ("lumbar", "cervical")
_WORDS: Final = {"herniation": HERNIATIONS, "region": REGIONS}
_BOUNDS: Final = {
    "worst_key_muscle": (0, 5),
    "muscle_drop": (0, 5),
    "slip_grade": (0, 5),
    "weeks_of_symptoms": (0, 5200),
    "odi": (0, 100),
    "leg_pain": (0, 10),
    "sessions_done": (0, 999),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts by the names the screening uses where it has one.

    `worst_key_muscle` is the lowest grade [0-5, MRC]; `muscle_drop` grades lost since the last visit;
    `slip_grade` of a spondylolisthesis [0-5, Meyerding; 0 is no slip]; `odi` [0-100]; `leg_pain` [0-10];
    `better_enough` is whether the smallest worthwhile change has been reached.
    """

    region: str | None = None
    bladder_bowel: bool | None = None
    saddle_numb: bool | None = None
    both_legs: bool | None = None  # sciatica on both sides, with weakness
    anal_tone_lax: bool | None = None
    worst_key_muscle: int | None = None
    muscle_drop: int | None = None
    foot_drop: bool | None = None
    weakness_growing: bool | None = None
    myelopathy_signs: bool | None = None
    aneurysm_suspected: bool | None = None
    tumour: bool | None = None
    infection: bool | None = None
    fracture: bool | None = None
    large_or_free_fragment: bool | None = None
    deficit: bool | None = None
    radiculopathy: bool | None = None
    herniation: str | None = None
    stenosis_claudication: bool | None = None
    foraminal_stenosis: bool | None = None
    slip_grade: int | None = None
    unstable: bool | None = None
    hardware: bool | None = None
    pregnant: bool | None = None
    screening_excludes: bool | None = None  # the verdict on traction was worse than CAUTION
    weeks_of_symptoms: int | None = None
    concordant_imaging: bool | None = None
    odi: float | None = None
    leg_pain: float | None = None
    sessions_done: int | None = None
    better_enough: bool | None = None
    surgery_advised: bool | None = None
    asks_for_surgeon: bool | None = None

    def __post_init__(self) -> None:
        hints = typing.get_type_hints(Facts)
        for field in fields(self):
            _check(field.name, getattr(self, field.name), hints[field.name])

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> Self:
        """The facts in a mapping; what is not in it is not known. Raises BadInput for a fact of another name."""
        names = [field.name for field in fields(cls)]
        for name in known:
            if name not in names:
                raise BadInput(f"facts.{name!s:.40}", known[name], "one of " + ", ".join(names))
        return cls(**known)

    def mapping(self) -> dict[str, Any]:
        """Every fact by name, None where it is not known."""
        return asdict(self)


def _check(name: str, value: object, kind: Any) -> None:
    if value is None:
        return
    if name in _WORDS:
        allowed = _WORDS[name]
        if value not in allowed:
            raise BadInput(f"facts.{name}", value, "one of " + ", ".join(allowed))
    elif name in _BOUNDS:
        low, high = _BOUNDS[name]
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not number or (int in typing.get_args(kind) and not isinstance(value, int)):
            raise BadInput(f"facts.{name}", value, f"a number from {low} to {high}")
        if not low <= typing.cast(float, value) <= high:
            raise BadInput(f"facts.{name}", value, f"a number from {low} to {high}")
    elif not isinstance(value, bool):
        raise BadInput(f"facts.{name}", value, "true, false, or nothing where it is not known")
