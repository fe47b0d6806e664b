"""What patients say after a visit that our own records show. Bad reviews are shown like good ones."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from opentraction.care.specialists import Rating, replies
from opentraction.clinic.directory.models.specialist import Specialist
from opentraction.clinic.models.clinical import ClinicalManager, Frozen


class Review(models.Model):
    """One review of one visit. Stars and words are the patient's and never change; who wrote it is not kept."""

    HIDDEN = [
        ("names somebody", "names somebody"),
        ("threat or slur", "threat or slur"),
        ("not about care", "not about care"),
    ]

    specialist = models.ForeignKey(Specialist, on_delete=models.PROTECT, related_name="reviews")
    visit = models.CharField(max_length=64, unique=True)
    """A keyed hash of the visit: nobody who reads this table learns whose it was, and no visit is reviewed twice."""
    visit_day = models.DateField()
    """The first of the month of the visit: a day would tell who came."""
    stars = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000, blank=True)
    written = models.DateField()
    hidden = models.CharField(max_length=20, blank=True, choices=HIDDEN)
    """Why the words are hidden. The stars still count."""
    reply = models.CharField(max_length=20, blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    clinic_path = ""
    objects = ClinicalManager["Review"]()

    class Meta:
        ordering = ["-visit_day", "-id"]
        constraints = [models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="one_to_five_stars")]

    def __str__(self) -> str:
        return f"{self.stars} of 5"

    @property
    def rating(self) -> Rating:
        """What counts of it."""
        return Rating(self.stars, self.visit_day)

    @property
    def answer(self) -> str:
        """The clinic's fixed reply in words; empty when there is none."""
        return replies().get(self.reply, "")

    def save(self, *args: Any, **options: Any) -> None:
        """Keep what the patient wrote."""
        if self.pk is not None:
            was = Review.objects.get(pk=self.pk)
            kept = ("specialist_id", "visit", "visit_day", "stars", "words", "written")
            if any(getattr(was, name) != getattr(self, name) for name in kept):
                raise Frozen("what a patient wrote stays as it is")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("reviews are kept, bad ones too")
