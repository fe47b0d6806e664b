"""Writing, signing and amending prescriptions."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.actions.signatures import sign_document
from opentraction.clinic.alarms import Stopped, alarms_of
from opentraction.clinic.models import Patient, Prescription, SignedPlan
from opentraction.clinic.rehearsing import plans_of, refuse_broken
from opentraction.quantities.canonical import canonical as spelled


@transaction.atomic
def draft(
    patient: Patient, title: str, document: str, *, by: User, replaces: Prescription | None = None
) -> Prescription:
    """A new draft; nothing can be treated from it until it is signed."""
    roles.require(by, roles.PRESCRIBE, of=patient)
    one = Prescription(patient=patient, title=title, document=document, author=by, replaces=replaces)
    one.save()
    record("draft prescription", one, by=by, version=one.version)
    return one


@transaction.atomic
def redraft(prescription: Prescription, title: str, document: str, *, by: User) -> Prescription:
    """The draft with other words. Raises Frozen once it is signed."""
    roles.require(by, roles.PRESCRIBE, of=prescription)
    prescription.title, prescription.document = title, document
    prescription.save()
    record("change draft", prescription, by=by, version=prescription.version)
    return prescription


@transaction.atomic
def sign(prescription: Prescription, *, by: User, confirmed: Confirmed) -> Prescription:
    """Freeze what this document means for this patient today, each session with its hash. Raises BadInput, Frozen.

    `confirmed` says that `by` has just given the password: the signature means that they prescribed exactly this.
    """
    roles.require(by, roles.SIGN, of=prescription)
    refuse_in_emergency(prescription.patient)
    stored = Prescription.objects.select_for_update(of=("self",)).select_related("patient").get(pk=prescription.pk)
    plans = plans_of(stored.document, stored.patient)
    for plan in plans:
        refuse_broken(plan, stored.patient)
    stored.signed_by, stored.signed_at = by, timezone.now()
    stored.save()
    for session, plan in enumerate(plans, start=1):
        SignedPlan(prescription=stored, session=session, canonical=plan.canonical(), sha256=plan.sha256).save()
    sign_document(stored, canonical(stored), "prescribed", by=by, confirmed=confirmed)
    record("sign prescription", stored, by=by, version=stored.version, plan_sha256=[plan.sha256 for plan in plans])
    return stored


def refuse_in_emergency(patient: Patient) -> None:
    """Nobody signs a plan for somebody who belongs in a hospital now. Raises BadInput with the reason."""
    grave = next((one for one in alarms_of(patient, timezone.now()) if one.level == "emergency"), None)
    if grave is not None:
        raise Stopped(_("Nothing is signed while an emergency stands. {why}").format(why=grave.because))


def canonical(prescription: Prescription) -> str:
    """What a signature under a prescription covers: whose, which version, the words and the plans they came to."""
    document = {
        "patient": prescription.patient.pseudonym,
        "version": prescription.version,
        "title": prescription.title,
        "document": prescription.document,
        "plans_sha256": list(prescription.plans.values_list("sha256", flat=True)),
    }
    return spelled(document)


@transaction.atomic
def amend(prescription: Prescription, *, by: User) -> Prescription:
    """A new draft that begins with the words of a signed prescription and will replace it."""
    return draft(prescription.patient, prescription.title, prescription.document, by=by, replaces=prescription)
