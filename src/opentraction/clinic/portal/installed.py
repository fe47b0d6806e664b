"""Which other wings this installation has: the portal shows what is there, and says nothing of what is not."""

from __future__ import annotations

from django.apps import apps


def has(wing: str) -> bool:
    """Whether the wing is there."""
    return apps.is_installed(f"opentraction.clinic.{wing}")
