"""Whether a name that was typed can be the patient's: for whoever witnesses, who knows the person."""

from __future__ import annotations

import unicodedata

from opentraction.clinic.models import Patient


class NameTyped:
    """A row that holds the name somebody typed as theirs."""

    given_by: str
    name: str
    patient: Patient

    @property
    def other_name(self) -> bool:
        """Signed as the patient, under a name that is not theirs in the record."""
        return self.given_by == "patient" and not same_person(self.name, self.patient)


def same_person(typed: str, patient: Patient) -> bool:
    """Whether a part of the given name and one of the family name are in what was typed, in any order.

    Case, accents and second names make no difference. People change and shorten names, so a difference is shown to a
    witness and refuses nothing.
    """
    words = _words(typed)
    return bool(words & _words(patient.given_name)) and bool(words & _words(patient.family_name))


def _words(name: str) -> set[str]:
    plain = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return {"".join(filter(str.isalnum, one)) for one in plain.casefold().replace("-", " ").split()} - {""}
