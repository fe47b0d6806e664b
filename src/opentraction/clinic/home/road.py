"""The step of the home programme on a patient's road."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from opentraction.clinic.home.doing import days_done
from opentraction.clinic.home.standing import Standing, standing
from opentraction.clinic.models import Patient
from opentraction.clinic.road import Step
from opentraction.quantities import BadInput

_A_WEEK = 7


def steps(patient: Patient, when: datetime) -> list[Step]:
    """One step."""
    url = reverse("home_programme:programme", args=[patient.pk])
    try:
        here = standing(patient, when)
        return [_step(url, here)]
    except BadInput:
        return [Step("home", _("Home"), url, "look", _("cannot be read"))]


def _step(url: str, here: Standing) -> Step:
    if here.order is None:
        return Step("home", _("Home"), url, "open", _("none yet"))
    if here.everything_stopped or here.stopped:
        return Step("home", _("Home"), url, "stop", _("stopped: {why}").format(why=short_why(here)))
    if here.programme is not None and not here.programme.items:
        return Step("home", _("Home"), url, "look", _("nothing offered"))
    days = min(_A_WEEK, (here.today - here.order.began).days + 1)
    done = days_done(here.log, here.today, max(days, 1))
    words = _("{done} of {days} days").format(done=done, days=max(days, 1))
    return Step("home", _("Home"), url, "done" if _lately(here, here.today) else "look", words)


def short_why(here: Standing) -> str:
    """The stop in two or three words."""
    words = {
        "new-weakness": _("new weakness"),
        "saddle-or-bladder": _("emergency sign"),
        "chest-or-breath": _("emergency sign"),
        "leg-spread": _("leg symptoms"),
        "pain-8": _("much pain"),
        "pain-up-2": _("more pain"),
        "dizzy": _("dizzy"),
        "dizzy-inverted": _("dizzy"),
        "head-or-eyes": _("head or eyes"),
        "skin": _("skin"),
    }
    grave = ("emergency", "call", "lower")
    why = sorted(here.why(), key=lambda one: grave.index(one[1].then))
    return words.get(why[0][1].id, why[0][1].id) if why else _("two hard sessions")


def _lately(here: Standing, today: date) -> bool:
    """Done on one of the last three days, or begun so lately."""
    assert here.order is not None
    return (today - here.order.began).days < 3 or days_done(here.log, today, 3) > 0
