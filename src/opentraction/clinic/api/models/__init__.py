"""Keys for programs."""

from __future__ import annotations

from opentraction.clinic.api.models.key import ApiKey

__all__ = ["ApiKey"]
