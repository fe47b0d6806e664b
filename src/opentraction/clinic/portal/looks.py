"""Who looked at a patient's record, in plain words, from the record of acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opentraction.clinic import roles
from opentraction.clinic.days import local
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.models.audit import READ, READ_LIST

SHOWN: Final = 500
"""Rows of the record that are read; the whole of it is the clinic's to give."""

ROLES: Final = {
    roles.CLINICIAN: gettext_lazy("clinician"),
    roles.THERAPIST: gettext_lazy("therapist"),
    roles.FRONT_DESK: gettext_lazy("front desk"),
    roles.ADMINISTRATOR: gettext_lazy("administrator"),
    roles.AUDITOR: gettext_lazy("auditor"),
}
OPENED: Final = {
    "course": gettext_lazy("your page: plan and sessions"),
    "particulars": gettext_lazy("your name, birth date and address"),
    "home programme": gettext_lazy("your home programme"),
    "home programme order": gettext_lazy("your home programme"),
    "home sheet": gettext_lazy("your home programme"),
    "facts for home": gettext_lazy("answers for your home programme"),
    "consent": gettext_lazy("your consent"),
    "consent form": gettext_lazy("your consent"),
    "signed consent": gettext_lazy("your consent"),
    "intake": gettext_lazy("your safety questions"),
    "verdict": gettext_lazy("the answer of the safety check"),
    "visit check": gettext_lazy("your check of the day"),
    "session": gettext_lazy("a session on the table"),
    "report": gettext_lazy("the report of a session"),
    "recording": gettext_lazy("the recording of a session"),
    "prescription": gettext_lazy("your plan"),
    "outcomes": gettext_lazy("your results"),
    "course picture": gettext_lazy("your results"),
    "course, PDF": gettext_lazy("your results"),
    "examination": gettext_lazy("an examination"),
    "event": gettext_lazy("an unwanted event"),
    "emergency": gettext_lazy("a warning sign that you told"),
    "events": gettext_lazy("unwanted events"),
    "appointments": gettext_lazy("your appointments"),
    "account": gettext_lazy("your bills"),
    "bills": gettext_lazy("your bills"),
    "portal access": gettext_lazy("whether you can sign in"),
    "portal": gettext_lazy("your own pages"),
    "portal record": gettext_lazy("who looked at your record"),
    "pathways": gettext_lazy("other ways of treatment for you"),
    "pathways handout": gettext_lazy("other ways of treatment for you"),
    "record as a whole": gettext_lazy("your record as a whole"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """On one day, one person, one thing: how often, and the last time of it."""

    day: date
    who: str
    what: str
    last: datetime
    times: int
    own: bool
    emergency: bool


def looks_at(patient: Patient) -> list[Look]:
    """The newest first; what one person opened several times on a day is one line."""
    rows = AuditRow.objects.filter(patient=patient, act=READ).select_related("by").order_by("-id")[:SHOWN]
    every = [_look(row, patient) for row in rows]
    return sorted(_folded(every), key=lambda one: one.last, reverse=True)


def _folded(every: list[Look]) -> Iterator[Look]:
    def key(one: Look) -> tuple[Any, ...]:
        return one.day, one.who, one.what, one.emergency

    for _key, group in groupby(sorted(every, key=key), key=key):
        same = list(group)
        first = same[0]
        last = max(one.last for one in same)
        yield Look(first.day, first.who, first.what, last, len(same), first.own, first.emergency)


def _look(row: AuditRow, patient: Patient) -> Look:
    at = local(patient.clinic, row.at)
    account = getattr(patient, "account", None)
    own = account is not None and row.by_id == account.user_id
    emergency = bool(row.detail.get("emergency"))
    return Look(at.date(), _who(row, own), what_words(str(row.detail.get("what", ""))), at, 1, own, emergency)


def _who(row: AuditRow, own: bool) -> str:
    if own:
        return _("You")
    if row.by is None or row.clinic_id is None:
        return row.by.username if row.by else _("The computer")
    names = row.by.get_full_name() or row.by.username
    held = set(row.by.memberships.filter(clinic_id=row.clinic_id).values_list("role", flat=True))
    role = next((str(said) for name, said in ROLES.items() if name in held), "")
    return f"{names}, {role}" if role else names


def what_words(what: str) -> str:
    """What was opened, in plain words; what has none yet is told as it stands."""
    if what in OPENED:
        return str(OPENED[what])
    return _("your results") if what.startswith("form ") else what or _("your record")


def lists_with(patient: Patient) -> int:
    """How many lists of patients were opened with this patient among them, of the newest thousand lists."""
    rows = AuditRow.objects.filter(act=READ_LIST, clinic=patient.clinic).order_by("-id")
    return sum(
        patient.pseudonym in detail.get("patients", []) for detail in rows.values_list("detail", flat=True)[:1000]
    )
