"""The red line above the list of patients: whose answers say EMERGENCY."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import OuterRef, Subquery

from opentraction.clinic import roles
from opentraction.clinic.intake.models import Screening
from opentraction.screening import Action

register = template.Library()


@register.inclusion_tag("intake/_alarms.html", takes_context=True)
def screening_alarms(context: dict[str, Any]) -> dict[str, Any]:
    """Patients of the clinic where this user acts whose newest verdict of a region is EMERGENCY: one query."""
    user = context["request"].user
    newest = Screening.objects.filter(patient=OuterRef("patient"), region=OuterRef("region")).order_by(
        "-decided", "-id"
    )
    ours = Screening.objects.seen_by(user, roles.LOOK).filter(patient__clinic=_clinic(user))
    rows = ours.filter(action=Action.EMERGENCY.name, pk=Subquery(newest.values("pk")[:1]))
    return {"alarms": list(rows.select_related("patient")[:20])}


def _clinic(user: roles.Anyone) -> int | None:
    place = roles.place_of(user)
    return place.clinic.pk if place else None
