"""A row that keeps a value of `care.money` to the letter, with its hash, who wrote it and when."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from django.conf import settings
from django.db import models

from opentraction.care.money.record import Record
from opentraction.clinic.intake.models.frozen import FrozenRow
from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import sha256 as sha256_of

Kept = TypeVar("Kept", bound=Record)


class Written(FrozenRow):
    """Written once, by somebody, at some time."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class KeptRecord(Written):
    """`canonical` is the text of the record, `sha256` its hash."""

    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def keep(self, record: Record) -> None:
        """Take the record's text and hash, before the first save."""
        self.canonical, self.sha256 = record.canonical(), record.sha256

    def read_as(self, kind: type[Kept]) -> Kept:
        """The record as it was written. Raises BadInput where the row was altered."""
        return kind.from_document(unaltered(self.canonical, self.sha256))


def unaltered(canonical: str, sha256: str) -> Any:
    """The document a text holds. Raises BadInput where the text is not the one that was hashed."""
    if sha256_of(canonical) != sha256:
        raise BadInput("record", State("altered"), "a record as it was written")
    return json.loads(canonical)
