"""One reason why a patient is stopped, and how grave it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple

from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput

Level = Literal["emergency", "urgent", "stop"]
LEVELS: Final[tuple[Level, ...]] = ("emergency", "urgent", "stop")
"""Act now; to a surgeon or a hospital today; no pull until a clinician has settled it."""


MOST: Final = 1000
_WRITTEN: Final = re.compile(r"([a-z]{1,12})-(\d{1,18})-(\d{1,4})", re.ASCII)


class Told(NamedTuple):
    """By which row something was told; `time` counts how often that was over and came back."""

    kind: str
    number: int
    time: int = 0


def written(told: Iterable[Told]) -> str:
    """As a page writes them into its form, to know later what stood on it."""
    return " ".join("-".join(map(str, one)) for one in sorted(told))


def read_told(text: str) -> frozenset[Told]:
    """What `written` wrote. Raises BadInput."""
    found = [_WRITTEN.fullmatch(word) for word in text.split(maxsplit=MOST)]
    if not found or None in found:
        raise BadInput("told", text[:40], "what this page wrote into its form")
    return frozenset(Told(one[1], int(one[2]), int(one[3])) for one in found if one)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One reason. `step` is where on the road it is settled, `url` what to open, `at` when the clinic could know.

    `told` are all the rows that it stands for; one row alone can be enough to be an alarm.
    """

    patient: Patient
    step: str
    level: Level
    because: str
    url: str
    at: datetime
    told: frozenset[Told]
