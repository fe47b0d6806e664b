"""Distances, shares, languages and stars in words; a dash for what is not known."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opentraction.care import specialists
from opentraction.care.specialists import MILE
from opentraction.clinic.directory.models import Specialist

register = template.Library()
DASH: Final = "–"
LANGUAGES: Final = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "so": "Somali",
    "tl": "Tagalog",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


@register.filter
def far(metres: float | None) -> str:
    """A distance, rough as it is: `"about 12 mi (19 km)"`."""
    if metres is None:
        return DASH
    if metres < MILE:
        return _("within a mile (2 km)")
    return _("about {miles} mi ({km} km)").format(miles=f"{metres / MILE:.0f}", km=f"{metres / 1000:.0f}")


@register.filter
def known(value: object) -> object:
    """The value, also when it is 0; a dash for nothing."""
    return DASH if value is None or value == "" else value


@register.filter
def percent(share: float | None) -> str:
    """A share in whole per cent, rounded down: what is promised as "at least" must hold."""
    return DASH if share is None else f"{int(100 * share)}\N{NO-BREAK SPACE}%"


@register.filter
def language(code: str) -> str:
    """A language's name, or its code."""
    return spoken(LANGUAGES.get(code, code))


@register.filter
def spoken(text: str) -> str:
    """A text of the room's data in the reader's language."""
    return specialists.spoken(text, get_language() or "en")


@register.filter
def languages(specialist: Specialist) -> str:
    """The languages spoken, with commas; empty when nobody has told us."""
    return ", ".join(language(offer.value) for offer in specialist.offers.all() if offer.kind == offer.LANGUAGE)


@register.filter
def postal(code: str) -> str:
    """A nine-digit ZIP code as it is written on letters."""
    return f"{code[:5]}-{code[5:]}" if len(code) == 9 and code.isdigit() else code


@register.filter
def phone(number: str) -> str:
    """Ten digits in three groups."""
    return f"{number[:3]}-{number[3:6]}-{number[6:]}" if len(number) == 10 and number.isdigit() else number


@register.filter
def stars(mean: float | None) -> str:
    """`"4.3 of 5"`."""
    return DASH if mean is None else _("{mean} of 5").format(mean=f"{mean:.1f}")


@register.filter
def spread(counts: tuple[int, ...]) -> list[tuple[int, int]]:
    """Stars and how often they were given, five first."""
    return [(number, counts[number - 1]) for number in (5, 4, 3, 2, 1)]
