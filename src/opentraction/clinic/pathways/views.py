"""The roads side by side for one patient, what is urgent on top, and the page to take home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from opentraction.care.pathways import (
    ROWS,
    Card,
    Urgency,
    compare,
    handout_pdf,
    side_by_side,
    surgical_urgency,
)
from opentraction.care.pathways import (
    pathways as roads,
)
from opentraction.care.pathways.handout import MOST
from opentraction.clinic import roles
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.clinic.pathways.facts import Known, facts_of, known_of, sessions_done
from opentraction.clinic.pathways.told import reasons, signs_asked, stopped
from opentraction.clinic.reading import reading

WING: Final = "pathways"
SAYS: Final = {"yes": True, "no": False}
ON_PAGE: Final = tuple(name for name in ROWS if name not in {"article", "source"})
"""Rows of the comparison that stand in the open; what the articles say and the sources are folded away."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What only a person at the desk can say; and which roads go onto the handout."""

    scan: str
    surgeon: bool
    chosen: tuple[str, ...]

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """From the form; anything else than its own words is not known."""
        posted = request.POST
        keys = {one.key for one in roads()}
        chosen = tuple(key for key in posted.getlist("road") if key in keys)
        scan = posted.get("scan", "")
        return cls(scan if scan in SAYS else "", bool(posted.get("surgeon")), chosen)

    def facts(self) -> dict[str, Any]:
        """By the names of the facts."""
        surgeon = {"asks_for_surgeon": True} if self.surgeon else {}
        return surgeon | ({"concordant_imaging": SAYS[self.scan]} if self.scan else {})


@dataclass(frozen=True, slots=True)
class Laid:
    """Everything a page or a paper shows."""

    patient: Patient
    known: Known | None
    asked: Asked
    cards: tuple[Card, ...]
    urgency: Urgency
    today: date

    @property
    def picked(self) -> Sequence[Card]:
        """The roads on the handout: those chosen, else the first ones; what comes before anything else is always on."""
        first = [card for card in self.cards if card.standing == "first"]
        chosen = [card for card in self.cards if card.pathway.key in self.asked.chosen and card not in first]
        return (first + (chosen or [card for card in self.cards if card not in first]))[:MOST]


@require_http_methods(["GET", "POST"])
def pathways(request: HttpRequest, pk: int) -> HttpResponse:
    """The comparison; after a post with what was said at the desk."""
    laid = _lay(request, pk)
    reading(request, laid.patient, "pathways")
    picked = [card.pathway.key for card in laid.picked]
    page = {
        "room": "patients",
        "wing": WING,
        "patient": laid.patient,
        "known": laid.known,
        "asked": laid.asked,
        "cards": [_shown(card, card.pathway.key in picked) for card in laid.cards],
        "urgency": laid.urgency,
        "table": side_by_side(laid.cards),
        "most": MOST,
    }
    return render(request, "pathways/pathways.html", page)


def _shown(card: Card, picked: bool) -> dict[str, Any]:
    rows = [(name, head, card.pathway.row(name)) for name, head in ROWS.items()]
    return {
        "card": card,
        "picked": picked,
        "rows": [row for row in rows if row[0] in ON_PAGE],
        "more": [row for row in rows if row[0] not in ON_PAGE],
    }


@require_http_methods(["GET", "POST"])
def handout(request: HttpRequest, pk: int) -> HttpResponse:
    """One page to take home, with at most five roads."""
    laid = _lay(request, pk)
    reading(request, laid.patient, "pathways handout")
    clinic = laid.patient.clinic
    paper = handout_pdf(
        laid.picked, laid.urgency, clinic.name, laid.today, reference=laid.patient.pseudonym, paper=_paper(laid.patient)
    )
    shown = {"Content-Disposition": f'inline; filename="{laid.patient.pseudonym}-roads.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=shown)


def _paper(patient: Patient) -> str:
    """The clinic's paper, as its books say; A4 where it keeps none."""
    books = getattr(patient.clinic, "books", None)
    return books.paper if books else "a4"


def _lay(request: HttpRequest, pk: int) -> Laid:
    user = roles.require(request.user, roles.LOOK)
    patient = get_object_or_404(Patient.objects.seen_by(user).select_related("clinic"), pk=pk)
    now = timezone.now()
    today = day_at(patient.clinic, now)
    known, asked, also = known_of(patient, now), Asked.of(request), reasons(patient, now)
    facts = facts_of(known, today, sessions_done(patient), **asked.facts() | _kept_off(patient, now))
    urgency = surgical_urgency(facts, also, asked=signs_asked(known))
    return Laid(patient, known, asked, compare(facts, also), urgency, today)


def _kept_off(patient: Patient, now: datetime) -> dict[str, bool]:
    """Traction is not for whoever is stopped, by the intake or by what was told since."""
    return {"screening_excludes": True} if stopped(patient, now) else {}
