"""A clinic of this installation: its name, address and hours' zone, what its letters say, and its own house rules."""

from __future__ import annotations

from typing import Any

from django.db import models

FIRST = "The clinic"
"""What the first clinic is called until somebody names it."""
LANGUAGES = [("en", "English"), ("es", "Spanish")]


class Clinic(models.Model):
    """Where people are treated. Everything clinical belongs to one, through its `clinic_path`."""

    name = models.CharField(max_length=120, unique=True)
    address = models.TextField(blank=True, max_length=400)
    time_zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=5, choices=LANGUAGES, default="en")
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    web = models.CharField(max_length=120, blank=True)
    registration = models.CharField(max_length=120, blank=True, help_text="provider or tax number for letters")
    idle_min = models.PositiveSmallIntegerField(default=10)
    """The console locks after so many minutes without input; 0 is not offered."""
    second_factor_for = models.JSONField(default=list, blank=True)
    """Roles that must have a second factor here."""
    created = models.DateTimeField(auto_now_add=True)

    clinic_path = "pk"
    patient_path = ""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def letterhead(self) -> dict[str, str]:
        """What stands at the top of its letters; empty lines are left out by whoever prints them."""
        names = ("name", "address", "phone", "email", "web", "registration")
        return {name: str(getattr(self, name)) for name in names}

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise models.ProtectedError("clinics are kept", {self})


def first_clinic() -> Clinic:
    """The clinic that every installation has from its first migration on."""
    return Clinic.objects.order_by("pk").first() or Clinic.objects.create(name=FIRST)
