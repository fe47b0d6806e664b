"""The row of steps above a patient's pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.context import bound_now
from opentraction.clinic.memory import acts_on, memory
from opentraction.clinic.models import Patient
from opentraction.clinic.road import Step, steps_of

register = template.Library()


@register.inclusion_tag("clinic/_road.html", takes_context=True)
def road(context: dict[str, Any], patient: Patient, here: str = "") -> dict[str, Any]:
    """The steps of `patient`'s road; `here` is the key of the one whose page this is."""
    return {"steps": steps_now(patient, context["request"].user), "here": here}


def steps_now(patient: Patient, user: roles.Anyone) -> list[Step]:
    """The road, remembered by what its reader may do; what is bound to the table counts too."""
    place, now = roles.place_of(user), timezone.now()
    about = ("road", patient.pk, place.acts if place else None)
    return memory.recall(about, lambda: acts_on(patient), now, lambda: steps_of(patient, user, now), bound_now())
