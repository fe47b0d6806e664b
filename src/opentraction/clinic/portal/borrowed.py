"""Words of the pieces that other wings draw on these pages, so that their Spanish stands in this wing's catalogue."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

WORDS: Final = (
    gettext_noop("not answered"),
    gettext_noop("to"),
    gettext_noop("“{written}” cannot be used. Write a number from {low} to {high}, or nothing."),
    gettext_noop("Name the activity first, then rate it."),
)
"""Of a question of the outcomes."""
