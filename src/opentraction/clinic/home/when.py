"""The clinic's own clock, by the name this room knows it: a day at home is the clinic's day, not the server's."""

from __future__ import annotations

from opentraction.clinic.days import local

__all__ = ["local"]
