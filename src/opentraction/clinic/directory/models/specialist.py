"""Who is listed, and the professions they state."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from opentraction.care.specialists import taxonomies
from opentraction.clinic.directory.models.place import Place


class Specialist(models.Model):
    """A person or organisation as a registry lists them. Written by imports, in bulk."""

    registry = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=401)
    sort_name = models.CharField(max_length=401)
    credential = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    listed = models.DateField(null=True)
    updated = models.DateField(null=True)
    deactivated = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registry", "number"], name="one_listing_a_number")]
        indexes = [
            models.Index(fields=["sort_name"], name="specialist_by_name", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.registry} {self.number}"

    @property
    def title(self) -> str:
        """Name with credential, as a door sign has it."""
        return f"{self.name}, {self.credential}" if self.credential else self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:specialist", args=[self.pk])


class Profession(models.Model):
    """One profession of one specialist. `leads` marks the first of each group: a search meets each person once."""

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="professions", db_index=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    group = models.CharField(max_length=30)
    code = models.CharField(max_length=10, blank=True)
    primary = models.BooleanField(default=False)
    leads = models.BooleanField(default=True)
    licence = models.CharField(max_length=200, blank=True)
    licence_state = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["group", "place", "specialist"],
                condition=models.Q(leads=True),
                name="profession_by_group_place",
            )
        ]
        ordering = ["-primary", "id"]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The profession in words."""
        known = taxonomies()
        return known.codes[self.code].words if self.code in known.codes else known.group(self.group).name
