"""Who works in which clinic as what, and which user is which patient."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from opentraction.clinic.models.clinic import Clinic
from opentraction.clinic.models.patient import Patient
from opentraction.clinic.roles import ROLES


class Membership(models.Model):
    """One role of one user in one clinic; closed, never deleted. Several in one clinic add up."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    active = models.BooleanField(default=True)
    since = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["clinic_id", "role"]
        constraints = [models.UniqueConstraint(fields=["user", "clinic", "role"], name="one_role_once")]

    def __str__(self) -> str:
        return f"{self.user.get_username()}, {self.role}"


class PatientAccount(models.Model):
    """A user who is a patient: sees what is theirs in the portal, and nothing of the console."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="patient_account")
    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="account")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user.get_username()} is {self.patient}"
