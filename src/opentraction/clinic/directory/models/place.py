"""Where practices stand: one row a postal code, or one a point for a file that brings its own."""

from __future__ import annotations

from django.db import models

from opentraction.care.specialists import Point


class Place(models.Model):
    """A postal code's middle [degrees]. Without a latitude nobody knows where it is, and no distance is said."""

    country = models.CharField(max_length=2)
    code = models.CharField(max_length=60)
    city = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=200, blank=True)
    """The city as it is searched: lower case, no accents."""
    state = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="one_place_a_code")]
        indexes = [
            models.Index(fields=["latitude", "longitude"], name="place_by_latitude"),
            models.Index(fields=["town", "state"], name="place_by_town"),
            models.Index(fields=["code"], name="place_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.city}".strip()

    @property
    def point(self) -> Point | None:
        """The middle, if it is known."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)
