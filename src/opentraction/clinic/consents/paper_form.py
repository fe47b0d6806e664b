"""A consent on paper as it was entered: what was typed, what is missing, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from opentraction.care.consent import current
from opentraction.care.consent.text import Purpose, version_of, versions
from opentraction.clinic.consents.actions.witnessing import OnPaper
from opentraction.clinic.consents.models.signing import LANGUAGES
from opentraction.clinic.consents.regions import region_names, region_of
from opentraction.clinic.consents.texts import one_line
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput

LONGEST = {"name": 120, "representative": 240, "note": 200, "signed": 20, "version": 20, "region": 10, "language": 5}


@dataclass
class PaperForm:
    """`written` is what was typed; `paper` is what it comes to, once nothing is refused."""

    written: dict[str, str]
    refusals: dict[str, str] = field(default_factory=dict)
    paper: OnPaper | None = None

    @staticmethod
    def empty(patient: Patient, now: datetime) -> PaperForm:
        """What is known already."""
        written = {"region": region_of(patient), "language": patient.clinic.language, "name": patient.name}
        return PaperForm(written | {"version": current(now.date()).version})

    @property
    def versions(self) -> list[str]:
        """Which can have been signed."""
        return [one.version for one in versions()]

    @property
    def purposes(self) -> list[tuple[Purpose, str, str]]:
        """What else the form asks, with what was entered and what is wrong with it."""
        asked = versions()[-1].purposes
        return [(one, self.written.get(one.id, ""), self.refusals.get(one.id, "")) for one in asked]


def read_paper(post: Mapping[str, str]) -> PaperForm:
    """What was typed, with a sentence for each field that cannot be used."""
    form = PaperForm({name: one_line(post.get(name, ""), longest) for name, longest in LONGEST.items()})
    form.written["questions"] = post.get("questions", "")
    _choices(form)
    signed = _moment(form)
    try:
        asked = [one.id for one in version_of(form.written["version"]).purposes]
    except BadInput:
        form.refusals["version"] = _("Choose the version that stands at the foot of the form.")
        return form
    form.written |= {one: post.get(one, "") for one in asked}
    form.refusals |= {one: _("Choose yes or no.") for one in asked if form.written[one] not in {"yes", "no"}}
    if not form.refusals and signed is not None:
        form.paper = _paper(form.written, signed, tuple(one for one in asked if form.written[one] == "yes"))
    return form


def _choices(form: PaperForm) -> None:
    written, refusals = form.written, form.refusals
    if written["region"] not in region_names():
        refusals["region"] = _("Choose a region.")
    if written["language"] not in dict(LANGUAGES):
        refusals["language"] = _("Choose a language.")
    for name, shortest in {"name": 2, "note": 3}.items():
        if len(written[name]) < shortest:
            refusals[name] = _("Fill this in.")
    if written["questions"] != "yes":
        refusals["questions"] = _("Ask the three questions first, then tick this.")


def _moment(form: PaperForm) -> datetime | None:
    try:
        return datetime.fromisoformat(form.written["signed"]).replace(tzinfo=UTC)
    except ValueError:
        form.refusals["signed"] = _("Give day and time, in UTC.")
        return None


def _paper(written: Mapping[str, str], signed: datetime, purposes: tuple[str, ...]) -> OnPaper:
    return OnPaper(
        region=written["region"],
        language=written["language"],
        version=written["version"],
        name=written["name"],
        representative=written["representative"],
        purposes=purposes,
        signed=signed,
        note=written["note"],
    )
