"""The demo's clinic filled up, so that no page of it is empty: one address for every page, each with whom it is for.

Run as a program in a data folder that has the demo in it; prints the addresses as JSON. Ada (P-001) is whose pages
are walked: she has a verdict, a consent, a session that was pulled, invoices, forms and a sign-in of her own.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.specimens import Ground

STAFF, PATIENT, NOBODY = "clinician", "P-001", ""
DESK = "desk"
HELD = ("sign-in", "intake:phone", "consents:patient", "consents:copy", "portal:join", "directory:review")
"""Addresses that somebody opens who has not signed in."""
LEARN = ("learning:", "evidence")
NOT_PAGES = frozenset(
    (
        *("acts-export", "report", "session-file", "table-stream", "table-history", "table-alarms", "table-act"),
        *("agenda:ics", "agenda:feed-file", "billing:good-faith", "billing:refund", "billing:invoice-paper"),
        *("change", "seat", "keys:document", "spine-after"),
        *("billing:superbill", "billing:credit-paper", "billing:receipt", "billing:statement", "billing:export"),
        *(
            "consents:form",
            "consents:signed",
            "consents:copy",
            "home_programme:sheet",
            "intake:letter",
            "intake:json",
            "intake:red-line",
        ),
        *("outcomes:course-paper", "outcomes:events-csv", "outcomes:results-csv", "outcomes:results-json"),
        *("pathways:handout", "portal:home-worker", "portal:home-sheet", "portal:signed", "plan"),
    )
)
"""Papers, tables, streams and a script: looked at by other tests."""
NEVER_A_PAGE = ("sign-in-code",)
"""Only ever the second half of a sign-in."""


@dataclass(frozen=True)
class Where:
    """One page: its name, who opens it, its address."""

    name: str
    who: str
    path: str


def whom(name: str, need: str | None) -> str:
    """Who opens it here."""
    if name.startswith((*HELD, *LEARN)):
        return NOBODY
    return PATIENT if need == "portal" else STAFF


def fill(data: Path) -> list[Where]:
    """Fill it, and say where each page is."""
    from opentraction.clinic import access
    from tests.specimens import address, urls

    ground = _ground(data)
    words = _words(ground)
    pages = []
    for name, _ in urls():
        need = access.needed(name, "get")
        if need is not None and name not in NEVER_A_PAGE:
            pages.append(Where(name, whom(name, need), words.get(name) or address(name, ground)))
    return [*pages, *_further(ground)]


def _ground(data: Path) -> Ground:
    """Ada with a session that was pulled whole, in the files and in the tables."""
    from django.contrib.auth.models import User

    from opentraction.clinic.models import Patient, TreatmentSession
    from opentraction.clinic.recordings import take_in_all
    from scripts.past_sessions import treat
    from tests.specimens import Ground

    ada, by = Patient.objects.get(number=1), User.objects.get(username=STAFF)
    one = TreatmentSession(patient=ada, plan=ada.prescriptions.first().plans.first(), operator=by)
    one.save()
    treat(data, one, 1)
    take_in_all()
    return Ground(ada, one)


def _words(ground: Ground) -> dict[str, str]:
    """The addresses with a word in them that only whoever made it knows."""
    from django.urls import reverse
    from django.utils import timezone

    from opentraction.clinic.intake.actions.links import make_link
    from opentraction.clinic.intake.models import Intake
    from opentraction.clinic.models import Patient
    from opentraction.clinic.portal.actions.access import invite
    from tests.consent_ground import begun
    from tests.intake_ground import draft_of

    by, now = ground.session.operator, timezone.now()
    ben = Patient.objects.get(number=2)
    _, phone = make_link(Intake.objects.get(pk=draft_of(ben, by)), by=by, now=now)
    _, join = invite(ben, by=by, now=now)
    _, read = begun(ben, by, now, "cervical", "own")
    return {
        "consents:form": reverse("consents:form", args=[ground.patient.pk]) + "?region=lumbar&language=en",
        "intake:phone": reverse("intake:phone", args=[phone]),
        "intake:phone-page": reverse("intake:phone-page", args=[phone, "you"]),
        "intake:phone-end": reverse("intake:phone-end", args=[phone]),
        "portal:join": reverse("portal:join", args=[join]),
        "consents:patient": reverse("consents:patient", args=[read]),
        "directory:review": reverse("directory:review", args=[_visit(ground)]),
    }


def _visit(ground: Ground) -> str:
    """The word of a visit to Eve, who is the clinician here; one visit of another day is reviewed already."""
    from opentraction.clinic.directory.actions.profiles import says_works_here
    from opentraction.clinic.directory.actions.reviews import invitation, write_review
    from opentraction.clinic.directory.models import Specialist
    from opentraction.clinic.directory.visits import Visit, visits_of
    from tests.specimens import SPECIMENS

    eve, by = Specialist.objects.get(pk=SPECIMENS["directory:keep"](ground)["pk"]), ground.session.operator
    says_works_here(eve, STAFF, by=by, now=datetime.now(UTC))
    today = datetime.now(UTC).date()
    earlier = Visit("earlier", today - timedelta(days=40), eve.pk, ground.patient)
    write_review(invitation(earlier), "4", "Listened, and said what is not known.", today=today)
    return invitation(visits_of(eve, by)[0])


def _further(ground: Ground) -> list[Where]:
    """What the table of addresses does not tell apart: other roles' views, empty pages, refusals, a stop."""
    from django.contrib.auth.models import User

    from opentraction.clinic import roles
    from opentraction.clinic.actions.patients import add_patient
    from opentraction.clinic.models import Patient, PatientAccount
    from tests.clinic_ground import ADA

    by = ground.session.operator
    desk = User.objects.create(username=DESK, password=by.password)
    roles.give(desk, roles.FRONT_DESK, ground.patient.clinic)
    own = User.objects.create(username="P-002", password=by.password)
    ben = Patient.objects.get(number=2)
    PatientAccount.objects.create(user=own, patient=ben)
    roles.give(own, roles.PATIENT, ben.clinic)
    new = add_patient(ADA | {"given_name": "Fay", "family_name": "Newcomer"}, by=by)
    dora = Patient.objects.get(family_name="Pattern")
    red = dora.screenings.filter(action="EMERGENCY").first()
    empty = ("", "/intake", "/consent", "/course", "/outcomes", "/home", "/bills", "/appointments", "/portal")
    return [
        *(Where(f"{one} of the desk", DESK, f"/{one}") for one in ("patients", "agenda", "reminders", "money")),
        Where("patient of the desk", DESK, f"/patients/{ground.patient.pk}"),
        *(Where(f"new patient {one}", STAFF, f"/patients/{new.pk}{one}") for one in (*empty, "/record", "/prescribe")),
        Where("red flags", STAFF, f"/screenings/{red.pk}"),
        Where("red flags, roads", STAFF, f"/patients/{dora.pk}/pathways"),
        Where("stopped at home", STAFF, "/patients/2/home"),
        Where("a whole course", STAFF, "/patients/4/course-picture"),
        Where("Ben", STAFF, "/patients/2"),
        Where("a form in the portal", "P-002", "/portal/forms/nprs_back"),
        Where("nothing here", STAFF, "/nothing"),
        Where("not allowed", DESK, f"/patients/{ground.patient.pk}/outcomes"),
    ]


if __name__ == "__main__":
    import django
    from django.conf import settings

    django.setup()
    json.dump([vars(one) for one in fill(Path(settings.DATA))], sys.stdout)
