"""What the staff does with a signature: witness it, put it aside, or enter one that was given on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.consent import Consent, version_of
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.actions.signatures import sign_document
from opentraction.clinic.consents.models import SignedConsent, Signing
from opentraction.clinic.in_turn import hold
from opentraction.clinic.models import Patient
from opentraction.clinic.tokens import LASTS
from opentraction.quantities import BadInput, State


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What stands on a form that was signed by hand. `note` says where the scanned form lies."""

    region: str
    language: str
    version: str
    name: str
    representative: str
    purposes: tuple[str, ...]
    signed: datetime
    note: str


@transaction.atomic
def witness(signing: Signing, *, by: User, confirmed: Confirmed, now: datetime) -> SignedConsent:
    """Somebody of the clinic has talked with who signed, and signs that; from now on the consent counts."""
    roles.require(by, roles.TREAT, of=signing)
    hold(signing.patient)  # who takes consent back meanwhile takes this one back too
    one = _to_witness(signing, now)
    if one.as_signed.sha256 != one.sha256:
        raise BadInput("consent", State("altered"), "a consent as the patient signed it")
    assert one.signed is not None
    consent = one.to_sign(one.signed, by.get_username())
    row = _keep(one.patient, consent, by, now, signing=one, drawing=one.drawing)
    sign_document(row, row.canonical, "witnessed", by=by, confirmed=confirmed, act=roles.TREAT)
    record("witness consent", row, by=by, sha256=row.sha256, version=row.version)
    return row


@transaction.atomic
def put_aside(signing: Signing, because: str, *, by: User, now: datetime) -> None:
    """Close an address, or a signature that nobody can witness, with the reason. Raises BadInput without one."""
    roles.require(by, roles.TREAT, of=signing)
    one = Signing.objects.select_for_update(of=("self",)).select_related("patient").get(pk=signing.pk)
    if one.closed is not None or hasattr(one, "consent"):
        raise BadInput("signing", State("closed already"), "one that is open, or waits for its witness")
    if one.signed is not None and len(because.strip()) < 3:
        raise BadInput("reason", because, "a few words: why this signature does not count")
    one.closed, one.because = now, because.strip()[:200]
    one.save()
    record("put consent aside", one, by=by, signed=one.signed is not None, because=one.because)


@transaction.atomic
def enter_paper(patient: Patient, paper: OnPaper, *, by: User, confirmed: Confirmed, now: datetime) -> SignedConsent:
    """Keep a consent that was signed by hand; `by` has seen it. Raises BadInput."""
    roles.require(by, roles.TREAT, of=patient)
    if paper.signed > now:
        raise BadInput("signed", paper.signed.isoformat(), "a moment that has passed")
    if len(paper.note.strip()) < 3:
        raise BadInput("note", paper.note, "where the signed form lies, such as the name of its scan")
    hold(patient)
    text = version_of(paper.version, paper.language)
    consent = Consent(
        pseudonym=patient.pseudonym,
        version=text.version,
        language=text.language,
        region=paper.region,
        text_sha256=text.sha256(paper.region),
        signed=paper.signed,
        name=paper.name.strip(),
        given_by="representative" if paper.representative else "patient",
        witness=by.get_username(),
        purposes=paper.purposes,
        representative=paper.representative,
        how="paper",
    )
    row = _keep(patient, consent, by, now, note=paper.note.strip())
    sign_document(row, row.canonical, "witnessed", by=by, confirmed=confirmed, act=roles.TREAT)
    record("enter consent on paper", row, by=by, sha256=row.sha256, version=row.version)
    return row


def _to_witness(signing: Signing, now: datetime) -> Signing:
    one = Signing.objects.select_for_update(of=("self",)).select_related("patient").get(pk=signing.pk)
    if one.signed is None:
        raise BadInput("signing", State("not signed"), "one that the patient has signed")
    if one.closed is not None or hasattr(one, "consent"):
        raise BadInput("signing", State("closed already"), "one that waits for its witness")
    if one.signed <= now - LASTS:
        raise BadInput("signing", f"signed on {one.signed:%d %B %Y}", f"at most {LASTS.days} days old; ask again")
    return one


def _keep(
    patient: Patient,
    consent: Consent,
    by: User,
    now: datetime,
    *,
    signing: Signing | None = None,
    drawing: str = "",
    note: str = "",
) -> SignedConsent:
    row = SignedConsent(
        patient=patient,
        signing=signing,
        region=consent.region,
        version=consent.version,
        language=consent.language,
        text_sha256=consent.text_sha256,
        given_by=consent.given_by,
        name=consent.name,
        purposes=sorted(consent.purposes),
        drawing=drawing,
        note=note,
        signed=consent.signed,
        witness=by,
        witnessed=now,
        canonical=consent.canonical(),
        sha256=consent.sha256,
    )
    row.save()
    return row
