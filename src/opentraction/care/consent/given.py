"""A consent as it was given: who, to which words, when, who witnessed it, and what else was agreed to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from opentraction.care.consent.text import version_of
from opentraction.quantities import BadInput, State

Given = Literal["patient", "representative"]


@dataclass(frozen=True, slots=True)
class Consent:
    """One signed consent. `name` is what was typed as signature; `purposes` are the further things agreed to.

    `signed` and `withdrawn` are moments with a time zone. A consent that was taken back keeps both.
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

    def __post_init__(self) -> None:
        text = version_of(self.version, self.language)
        if self.text_sha256 != text.sha256(self.region):
            raise BadInput("consent", State("of other words"), f"the words of version {self.version}")
        if not self.name.strip():
            raise BadInput("signature", State("missing"), "the name of who signs, typed by them")
        if self.signed.tzinfo is None:
            raise BadInput("signed", self.signed.isoformat(), "a moment with its time zone")
        if self.withdrawn is not None and self.withdrawn < self.signed:
            raise BadInput("withdrawn", self.withdrawn.isoformat(), "a moment after it was signed")
        strange = set(self.purposes) - {one.id for one in text.purposes}
        if strange:
            raise BadInput("purposes", ", ".join(sorted(strange)), ", ".join(one.id for one in text.purposes))

    def document(self) -> dict[str, Any]:
        """What is signed and kept."""
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
        }

    def canonical(self) -> str:
        """One spelling, whose hash the signature carries. A later withdrawal does not change it."""
        return json.dumps(self.document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical().encode()).hexdigest()
