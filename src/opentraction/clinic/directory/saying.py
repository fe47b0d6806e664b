"""Refusals of the public pages in the reader's language: what was wrong, and what to do next."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opentraction.quantities import BadInput

SAID: Final[dict[str, Promise]] = {
    "near": gettext_lazy(
        "Write a ZIP code, a town and its state (Austin, TX), or latitude and longitude (30.27, -97.74)."
    ),
    "search": gettext_lazy("Write a place, or at least two letters of a name."),
    "name": gettext_lazy("Write more letters of the name: too many begin so."),
    "radius": gettext_lazy("Choose one of the distances."),
    "page": gettext_lazy("There are no more pages than ten. Narrow the search instead."),
    "specialty": gettext_lazy("Choose one of the professions."),
    "order": gettext_lazy("Choose one of the two orders."),
    "review": gettext_lazy("It is open for 60 days after the visit, for one review of each visit."),
    "stars": gettext_lazy("Choose from 1 to 5 stars."),
    "words": gettext_lazy("Write up to 1000 characters that can be printed."),
}


def refused(why: BadInput) -> str:
    """One sentence for a person; what no form of ours sends is said in a few words."""
    return str(SAID[why.where]) if why.where in SAID else _("This could not be read. Go back and try again.")
