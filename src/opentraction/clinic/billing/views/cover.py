"""Cover: a payer's policy held against what is known, dated."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from opentraction.care.money import CHECK_AGAIN, correction, payers
from opentraction.care.money.payers import REGIONS, SERVICES
from opentraction.clinic.billing.actions.cover import check_cover
from opentraction.clinic.billing.amounts import read_number
from opentraction.clinic.billing.facts import cover_facts
from opentraction.clinic.billing.forms.fields import Choices, Field, Form, number, one_of, optional
from opentraction.clinic.billing.models import bill_to
from opentraction.clinic.billing.views.common import Desk
from opentraction.clinic.models import Patient
from opentraction.clinic.pathways.facts import known_of
from opentraction.clinic.reading import reading

YES_NO: Final[Choices] = (("", "not known"), ("yes", "yes"), ("no", "no"))
ASKED: Final = {
    "with_exercise": "Traction goes with exercise",
    "with_extension_exercise": "Traction goes with exercise in extension",
    "sciatica_or_root_sign": "Sciatica, or a sign of a pressed nerve root",
    "peripheralises_or_crossed_slr": "Pain moves outward on extension, or crossed straight-leg raise positive",
    "cervical_radiculopathy": "Radiculopathy of the neck",
}
MOST_WEEKS: Final = 2000
HIDDEN: Final = ("met", "unmet", "unknown")
"""What was held against the record; only for those who may read it."""


@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, filled from the intake where it tells; and the checks made so far."""
    desk = Desk(request)
    patient = desk.patient(pk)
    known = known_of(patient, desk.now) if desk.clinical else None
    facts = cover_facts(patient, known, desk.today) if desk.clinical else {}
    form = _form(desk, patient, facts)
    if request.method == "POST":
        values = _read(desk, form)
        if values is not None:
            payer = values.pop("payer")
            check_cover(patient, payer, values, by=desk.user, now=desk.now)
            messages.success(request, "Checked and kept.")
            return redirect("billing:cover", pk=pk)
    else:
        reading(request, patient, "cover")
    page = {"patient": patient, "form": form, "known": known, "checks": _checks(desk, patient)}
    page |= {"correction": correction(), "clinical": desk.clinical, "check_again": CHECK_AGAIN}
    return desk.page("cover", page, 400 if form.bad else 200)


def _form(desk: Desk, patient: Patient, facts: dict[str, Any]) -> Form:
    who = tuple((key, one.name) for key, one in payers().items())
    fields = [
        Field("payer", "Payer", bill_to(patient).payer, kind="choice", choices=(("", "none, pays alone"), *who)),
        Field("service", "Service", "decompression", kind="choice", choices=tuple((one, one) for one in SERVICES)),
    ]
    if desk.clinical:
        fields += _clinical(facts)
    return Form.of(fields, desk.request.POST if desk.request.method == "POST" else None)


def _clinical(facts: dict[str, Any]) -> list[Field]:
    regions = (("", "not known"), *((one, one) for one in REGIONS))
    weeks, tests = facts.get("weeks_of_failed_care"), facts.get("cervical_tests_positive")
    words = {True: "yes", False: "no", None: ""}
    return [
        Field("region", "Region", facts.get("region") or "", kind="choice", choices=regions),
        Field("weeks_of_failed_care", "Weeks of other care that did not help", "" if weeks is None else f"{weeks:g}"),
        *(
            Field(name, said, words[facts.get(name)], kind="choice", choices=YES_NO, wide=len(said) > 40)
            for name, said in ASKED.items()
        ),
        Field("cervical_tests_positive", "Positive tests of the neck, of five", "" if tests is None else str(tests)),
    ]


def _read(desk: Desk, form: Form) -> dict[str, Any] | None:
    values: dict[str, Any] = {
        "payer": form.read("payer", one_of(form["payer"].choices)),
        "service": form.read("service", one_of(form["service"].choices)),
    }
    if desk.clinical:
        values |= _read_clinical(desk, form)
    return None if form.bad else values


def _read_clinical(desk: Desk, form: Form) -> dict[str, Any]:
    truths = {"yes": True, "no": False, "": None}
    hundredths = form.read(
        "weeks_of_failed_care", optional(lambda text: read_number(text, "weeks", MOST_WEEKS, desk.books.comma))
    )
    said = {name: form.read(name, one_of(YES_NO)) for name in ASKED}
    return {
        "region": form.read("region", one_of(form["region"].choices)) or None,
        "weeks_of_failed_care": None if hundredths is None else hundredths / 100,
        "cervical_tests_positive": form.read("cervical_tests_positive", optional(number(0, 5))),
        **{name: truths[one or ""] for name, one in said.items()},
    }


def _checks(desk: Desk, patient: Patient) -> list[dict[str, Any]]:
    """Every check, the newest first; what was held against the record only for those who may read it."""
    found = []
    for row in patient.cover_checks.select_related("by"):
        said = row.said
        if not desk.clinical:
            said |= {name: [] for name in HIDDEN} | {"meets": None}
        found.append({"row": row, "said": said, "stale": row.stale(desk.today)})
    return found
