"""Consents as PDF, with the clinic's letterhead."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from opentraction.care.consent import Consent, ConsentText, consent_form, signed_form
from opentraction.clinic.models import Clinic


def signed_pdf(consent: Consent, clinic: Clinic, drawing: str) -> bytes:
    """What was signed."""
    return signed_form(consent, drawing=drawing, clinic=head_of(clinic))


def empty_pdf(text: ConsentText, region: str, pseudonym: str, clinic: Clinic) -> bytes:
    """The form to sign by hand."""
    return consent_form(text, region, reference=pseudonym, clinic=head_of(clinic))


def answer_with(pdf: bytes, name: str) -> HttpResponse:
    """Shown in the browser; a file's name never holds a person's."""
    shown = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=shown)


def head_of(clinic: Clinic) -> dict[str, Any]:
    """Name and lines of the letterhead."""
    head = clinic.letterhead()
    lines = [
        line.strip() for key in ("address", "phone", "email", "web", "registration") for line in head[key].split("\n")
    ]
    return {"name": head["name"], "lines": [line for line in lines if line]}
