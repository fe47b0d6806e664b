"""Why a consent does not hold, as a sentence that says what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opentraction.care.consent import Lapse

Facts = Mapping[str, Any]


def _withdrawn(facts: Facts) -> str:
    day = date_format(facts["day"], "j F Y")
    return _("The consent was withdrawn on {day}. Treat only after a new one.").format(day=day)


_SAID: Final[Mapping[str, Callable[[Facts], str]]] = {
    "unsigned": lambda facts: _("No consent was signed. Ask for it before the first session."),
    "other_region": lambda facts: _(
        "No consent was signed, but for another region. Ask for it before the first session."
    ),
    "withdrawn": _withdrawn,
    "future": lambda facts: _("The consent is dated in the future. Check the clock, then ask again."),
    "old": lambda facts: _("The consent is {months} months old or older. Ask again.").format(**facts),
    "serious_event": lambda facts: _(
        "A serious adverse event happened since the consent. Talk about it and ask again."
    ),
    "sessions": lambda facts: _(
        "{sessions} sessions were given under this consent. A longer course needs a new one."
    ).format(**facts),
    "words": lambda facts: _("The words changed (version {version}). Ask again.").format(**facts),
}


def why_of(lapse: Lapse) -> str:
    """The sentence of a lapse."""
    return _SAID[lapse.reason](lapse.facts)


def to_be_witnessed() -> str:
    """Where the patient has signed on a screen and nobody has witnessed it."""
    return _("The patient has signed. Talk about it, then witness the signature.")
