"""Which day it is at a clinic, by the name this room knows it."""

from __future__ import annotations

from opentraction.clinic.days import day_at, zone_of

__all__ = ["day_at", "zone_of"]
