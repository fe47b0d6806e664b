"""What the portal keeps: invitations. The sign-in itself is the core's `PatientAccount`."""

from __future__ import annotations

from opentraction.clinic.portal.models.invitation import Invitation

__all__ = ["Invitation"]
