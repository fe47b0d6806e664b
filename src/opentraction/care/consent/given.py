"""A consent as it was given: who, to which words, when, who witnessed it, and what else was agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from opentraction.care.consent.text import version_of
from opentraction.quantities import BadInput, State
from opentraction.quantities.canonical import Canonical

Given = Literal["patient", "representative"]
How = Literal["screen", "paper"]


@dataclass(frozen=True, slots=True)
class Consent(Canonical):
    """One signed consent. `name` is what was typed as signature; `purposes` are the further things agreed to.

    `representative` says who signs for the patient and why. `drawing_sha256` is the hash of a drawn signature. On paper
    the name is under a form signed by hand. `signed` and `withdrawn` are moments with a time zone. A consent that was
    taken back keeps both.
    """

    pseudonym: str
    version: str
    language: str
    region: str
    text_sha256: str
    signed: datetime
    name: str
    given_by: Given
    witness: str
    purposes: tuple[str, ...] = ()
    withdrawn: datetime | None = None
    representative: str = ""
    how: How = "screen"
    drawing_sha256: str = ""

    def __post_init__(self) -> None:
        text = version_of(self.version, self.language)
        if self.text_sha256 != text.sha256(self.region):
            raise BadInput("consent", State("of other words"), f"the words of version {self.version}")
        if not self.name.strip():
            raise BadInput("signature", State("missing"), "the name of who signs, typed by them")
        if (self.given_by == "representative") != bool(self.representative.strip()):
            raise BadInput("representative", State("missing"), "who signs for the patient and why, and only then")
        if self.signed.tzinfo is None:
            raise BadInput("signed", self.signed.isoformat(), "a moment with its time zone")
        if self.withdrawn is not None and self.withdrawn < self.signed:
            raise BadInput("withdrawn", self.withdrawn.isoformat(), "a moment after it was signed")
        strange = set(self.purposes) - {one.id for one in text.purposes}
        if strange:
            raise BadInput("purposes", ", ".join(sorted(strange)), ", ".join(one.id for one in text.purposes))

    def document(self) -> dict[str, Any]:
        """What is signed and kept. A later withdrawal is not in it: the hash that was signed stays.

        What was not said is left out, so that older hashes stay as they are.
        """
        said = {"representative": self.representative, "drawing_sha256": self.drawing_sha256}
        if self.how != "screen":
            said["how"] = self.how
        return {
            "pseudonym": self.pseudonym,
            "version": self.version,
            "language": self.language,
            "region": self.region,
            "text_sha256": self.text_sha256,
            "signed": self.signed.isoformat(),
            "name": self.name,
            "given_by": self.given_by,
            "witness": self.witness,
            "purposes": sorted(self.purposes),
            **{key: value for key, value in said.items() if value},
        }

    @staticmethod
    def from_document(raw: dict[str, Any], withdrawn: datetime | None = None) -> Consent:
        """The consent that `document` told, with the moment it was withdrawn, if it was. Raises BadInput."""
        try:
            told = {**raw, "signed": datetime.fromisoformat(raw["signed"]), "purposes": tuple(raw["purposes"])}
            return Consent(**told, withdrawn=withdrawn)
        except BadInput:
            raise
        except (KeyError, TypeError, ValueError) as trouble:
            raise BadInput("consent", State("not one"), "a consent as it was signed") from trouble
