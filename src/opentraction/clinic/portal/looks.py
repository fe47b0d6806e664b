"""Who looked at a patient's record, in plain words, from the record of acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _

from opentraction.clinic import roles
from opentraction.clinic.home.when import local
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.models.audit import READ, READ_LIST

SHOWN: Final = 500
"""Rows of the record that are read; the whole of it is the clinic's to give."""


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
    words = {
        roles.CLINICIAN: _("clinician"),
        roles.THERAPIST: _("therapist"),
        roles.FRONT_DESK: _("front desk"),
        roles.ADMINISTRATOR: _("administrator"),
        roles.AUDITOR: _("auditor"),
    }
    role = next((said for name, said in words.items() if name in held), "")
    return f"{names}, {role}" if role else names


def what_words(what: str) -> str:
    """What was opened, in plain words; what has none yet is told as it stands."""
    words = {
        "course": _("your page: plan and sessions"),
        "particulars": _("your name, birth date and address"),
        "home programme": _("your home programme"),
        "home programme order": _("your home programme"),
        "home sheet": _("your home programme"),
        "facts for home": _("answers for your home programme"),
        "consent": _("your consent"),
        "consent form": _("your consent"),
        "signed consent": _("your consent"),
        "intake": _("your safety questions"),
        "verdict": _("the answer of the safety check"),
        "visit check": _("your check of the day"),
        "session": _("a session on the table"),
        "report": _("the report of a session"),
        "recording": _("the recording of a session"),
        "prescription": _("your plan"),
        "outcomes": _("your results"),
        "course picture": _("your results"),
        "course, PDF": _("your results"),
        "examination": _("an examination"),
        "event": _("an unwanted event"),
        "events": _("unwanted events"),
        "appointments": _("your appointments"),
        "account": _("your bills"),
        "bills": _("your bills"),
        "portal access": _("whether you can sign in"),
        "portal": _("your own pages"),
        "portal record": _("who looked at your record"),
        "pathways": _("other ways of treatment for you"),
        "pathways handout": _("other ways of treatment for you"),
        "record as a whole": _("your record as a whole"),
    }
    if what in words:
        return words[what]
    return _("your results") if what.startswith("form ") else what or _("your record")


def lists_with(patient: Patient) -> int:
    """How many lists of patients were opened with this patient among them, of the newest thousand lists."""
    rows = AuditRow.objects.filter(act=READ_LIST, clinic=patient.clinic).order_by("-id")
    return sum(
        patient.pseudonym in detail.get("patients", []) for detail in rows.values_list("detail", flat=True)[:1000]
    )
