"""What every page shows: the disclaimer, the user's unit, whether the table answers, the session under way."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from opentraction import DISCLAIMER, __version__
from opentraction.clinic import roles
from opentraction.clinic.actions.emergency import open_now
from opentraction.clinic.language import WHOLE
from opentraction.clinic.models import Emergency, Patient, Preference, TreatmentSession
from opentraction.clinic.table_link import shared_link


def console(request: HttpRequest) -> dict[str, Any]:
    """Template variables of the frame around each page."""
    base = {"disclaimer": DISCLAIMER, "version": __version__, "table_up": shared_link().up, "frame": _frame(request)}
    if not hasattr(request, "user") or not request.user.is_authenticated:  # a strange host is refused before that
        return base
    place = roles.place_of(request.user)
    acts = place.acts if place else frozenset()
    return base | {
        "may": acts,
        "alerts": bool(place and roles.MANAGE in acts and _untold(place)),
        "opened": open_now(place, timezone.now()) if place else [],
        "clinic": place.clinic if place else None,
        "clinics": place.clinics if place else (),
        "force_units": Preference.FORCE_UNITS,
        "force_unit": force_unit(request),
        "may_prescribe": roles.PRESCRIBE in acts,
        "may_treat": roles.TREAT in acts,
        "running": _running(request),
        "locked": locked_now(),
        "unchecked": unchecked_now(),
    }


def _frame(request: HttpRequest) -> str:
    """In what a refusal stands: patients and readers are not shown the console's."""
    works = hasattr(request, "user") and roles.may(request.user, roles.WORK)
    return "portal/frame.html" if request.path.startswith(WHOLE) and not works else "clinic/base.html"


def _untold(place: roles.Place) -> bool:
    """Whether an administrator has an emergency still to see."""
    return Emergency.objects.filter(patient__clinic=place.clinic, seen_at=None).exists()


def as_guest(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """What a page about a patient of another clinic offers: to read, and nothing else."""
    place = roles.place_of(request.user)
    if place is not None and place.clinic.pk == patient.clinic_id:
        return {}
    return {"may": frozenset({roles.WORK, roles.FIND, roles.LOOK}), "may_treat": False, "may_prescribe": False}


def force_unit(request: HttpRequest) -> str:
    """The unit this user reads forces in: N, lb or kgf."""
    place = roles.place_of(request.user)
    return place.force_unit if place else "N"


def _running(request: HttpRequest) -> TreatmentSession | None:
    """The session bound to the table now, if this user may see it; one that has ended too, until it is unbound."""
    bound = bound_now()
    if not bound:
        return None
    return TreatmentSession.objects.seen_by(request.user).filter(pk=bound).first()


def bound_now() -> str:
    """The session that the table says is bound to it; empty while none is, or nobody knows."""
    telemetry = shared_link().telemetry or {}
    return str((telemetry.get("bound") or {}).get("session") or "")


def locked_now() -> str:
    """Why the table takes no session; empty while it does, or nobody knows."""
    telemetry = shared_link().telemetry or {}
    return str((telemetry.get("lockout") or {}).get("why") or "")


def unchecked_now() -> str:
    """What of the table's own checks stands against a session; empty where nothing does, or nobody knows."""
    telemetry = shared_link().telemetry or {}
    return str((telemetry.get("checks") or {}).get("trouble") or "")
