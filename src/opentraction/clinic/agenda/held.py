"""Sessions on the table of somebody who is stopped: not booked, not moved, and marked wherever they stand already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from opentraction.care import booking
from opentraction.care.booking import Kind, NotFree
from opentraction.clinic import roles
from opentraction.clinic.agenda.models import Appointment
from opentraction.clinic.alarms import stopped_among, why_stopped
from opentraction.clinic.consents.regions import region_of
from opentraction.clinic.consents.standing import consent_today
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput


def why_not(patient: Patient, kind: Kind, by: roles.Anyone, now: datetime) -> str:
    """Why this kind is not booked for this patient, for this reader; empty where it may be.

    Only what belongs to a pull is held: an assessment is what somebody who is stopped needs.
    """
    return why_stopped(patient, now, look=roles.may(by, roles.LOOK)) if kind.session else ""


def refuse_held(patient: Patient, kind: Kind, by: User, now: datetime) -> None:
    """Raises NotFree with the reason, as much of it as the one who books may see."""
    why = why_not(patient, kind, by, now)
    if why:
        raise NotFree((why,))


def consent_wanted(patient: Patient, kind: Kind, by: roles.Anyone, now: datetime) -> str:
    """What to say, before a session is booked, of a consent that was taken back; empty where there is nothing to say.

    It holds up no booking: a new consent can be signed before the day.
    """
    if not kind.session:
        return ""
    try:
        standing = consent_today(patient, region_of(patient), now)
    except BadInput:
        return ""  # a stored consent that was altered is told on the road
    if not standing.withdrawn:
        return ""
    return standing.why if roles.may(by, roles.LOOK) else _("Something is wanted before a session. Ask a clinician.")


def marked(rows: Iterable[Appointment], now: datetime) -> list[Appointment]:
    """The rows, those that cannot be held as they stand marked: a few questions for a whole day."""
    listed = list(rows)
    coming = [row for row in listed if row.session and row.state in {booking.BOOKED, booking.ARRIVED}]
    stopped = stopped_among({row.patient_id for row in coming}, now)
    for row in coming:
        row.held = row.patient_id in stopped
    return listed
