"""The list of patients: found by name, pseudonym or birthday, one page at a time, in few questions of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from opentraction.clinic.models import Patient, TreatmentSession

A_PAGE: Final = 50
MOST_WORDS: Final = 6


@dataclass(frozen=True)
class Found:
    """One page: patients, how many there are in all, and the numbers of the pages beside it; None where none is."""

    words: str
    patients: list[Patient]
    count: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Looked:
    """What somebody looks for: each word must fit. Nothing looked for is everybody."""

    words: str = ""
    number: int = 1

    @classmethod
    def read(cls, words: Mapping[str, str]) -> Looked:
        """From the words of an address; a page that is no number is the first."""
        page = words.get("page", "")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
        return cls(" ".join(words.get("q", "").replace("\0", "").split())[:80], max(1, number))

    def page(self, rows: QuerySet[Patient]) -> Found:
        """The page that was asked for; past the last one, the last."""
        for word in self.words.split()[:MOST_WORDS]:
            rows = rows.filter(_fits(word))
        count = rows.count()
        number = min(self.number, max(1, -(-count // A_PAGE)))
        shown = list(rows[(number - 1) * A_PAGE : number * A_PAGE])
        before, after = number - 1 or None, number + 1 if number * A_PAGE < count else None
        return Found(self.words, shown, count, before, after)


def _fits(word: str) -> Q:
    """A name that begins so, a pseudonym, a birthday."""
    fits = Q(family_name__istartswith=word) | Q(given_name__istartswith=word)
    number = word.upper().removeprefix("P-")
    if number.isascii() and number.isdecimal() and len(number) < 9:
        fits |= Q(number=int(number))
    try:
        return fits | Q(birth_date=date.fromisoformat(word))
    except ValueError:
        return fits


@dataclass(frozen=True)
class Line:
    """A patient with how many sessions there are, and the latest."""

    patient: Patient
    sessions: int = 0
    last: TreatmentSession | None = None


def lines(patients: Sequence[Patient], *, look: bool) -> list[Line]:
    """One for each; their sessions, in one question for all, for those who may `look`."""
    held: dict[int, list[TreatmentSession]] = {}
    every = TreatmentSession.objects.filter(patient__in=patients if look else [])
    rows = every.only("patient", "created", "started", "ending")
    for row in rows.order_by("created"):
        held.setdefault(row.patient_id, []).append(row)
    return [Line(one, len(held.get(one.pk, [])), held.get(one.pk, [None])[-1]) for one in patients]
