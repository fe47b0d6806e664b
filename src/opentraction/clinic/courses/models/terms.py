"""What a course is to be: as it was written first, or as it stands after its amendments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Final

from opentraction.patient import Patient
from opentraction.prescription.progress import Course, Template, own_template, templates
from opentraction.quantities import BadInput

RUNNING, ENDED = "running", "ended"
STATES: Final = (RUNNING, ENDED)
LONGEST_REASON: Final = 1000
_DAYS = ("start", "maintenance_from", "onset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Region, rhythm, length [s], bounds [N], reasons. `template` is a letter, or "own" with `weeks`."""

    region: str
    start: date
    template: str = "B"
    weeks: tuple[int, ...] = ()
    length_s: float = 1680.0
    unit: str = "lb"
    clinician_cap_n: float | None = None
    above_planned: bool = False
    watch_pressure: bool = False
    justification: str = ""
    maintenance_from: date | None = None
    onset: date | None = None
    imaging_fits: bool | None = None
    asks_surgeon: bool = False
    state: str = RUNNING

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise BadInput("state", self.state, "one of " + ", ".join(STATES))
        if len(self.justification) > LONGEST_REASON:
            raise BadInput("justification", f"{len(self.justification)} characters", f"at most {LONGEST_REASON}")
        self.rhythm  # noqa: B018  # refuses what is no rhythm

    @property
    def rhythm(self) -> Template:
        """Sessions in each week. Raises BadInput."""
        if self.template == "own":
            return own_template(self.weeks)
        if self.template not in templates():
            raise BadInput("template", self.template, "one of " + ", ".join([*templates(), "own"]))
        return templates()[self.template]

    def course(self, patient: Patient) -> Course:
        """The same as the progress rules know it. Raises BadInput."""
        return Course(
            patient=patient,
            region=self.region,
            template=self.rhythm,
            start=self.start,
            length=self.length_s,
            clinician_cap=self.clinician_cap_n,
            above_planned=self.above_planned,
            watch_pressure=self.watch_pressure,
            justification=self.justification,
            maintenance_from=self.maintenance_from,
            unit=self.unit,
        )

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        said = asdict(self) | {"weeks": list(self.weeks)}
        return said | {name: said[name].isoformat() for name in _DAYS if said[name] is not None}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Terms:
        """The terms of a document. Raises BadInput."""
        return Terms(**_read(document))

    def amended(self, changes: Mapping[str, Any]) -> Terms:
        """The terms with some of them changed, as an amendment's document says. Raises BadInput."""
        return replace(self, **_read(changes))

    def changes_to(self, new: Terms) -> dict[str, Any]:
        """What differs, as JSON holds it."""
        old = self.document()
        return {name: value for name, value in new.document().items() if value != old[name]}


def _read(document: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(Terms)}
    for name in document:
        if name not in known:
            raise BadInput("course", name, "one of " + ", ".join(sorted(known)))
    values = dict(document)
    for name in _DAYS:
        if values.get(name) is not None:
            values[name] = date.fromisoformat(values[name])
    if "weeks" in values:
        values["weeks"] = tuple(values["weeks"])
    return values
