"""The consent on paper: the words, what was agreed to, who signed; or empty lines to sign by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opentraction import DISCLAIMER
from opentraction.care.consent.given import Consent
from opentraction.care.consent.signature import drawing_hash, drawing_svg
from opentraction.care.consent.text import ConsentText, version_of
from opentraction.paper import pdf
from opentraction.quantities import BadInput, State

_TEMPLATE = Path(__file__).parent / "form.typ"
_WORDS = {
    "en": {
        "purposes": "Other things, if you wish",
        "agreed": "Yes",
        "not": "No",
        "signed": "Signed on the screen by {name} on {day:%Y-%m-%d %H:%M} UTC, before {witness}",
        "alone": "Signed on the screen by {name} on {day:%Y-%m-%d %H:%M} UTC; not yet witnessed",
        "paper": "Signed by hand by {name} on {day:%Y-%m-%d %H:%M} UTC, entered by {witness}",
        "representative": "as representative",
        "withdrawn": "Withdrawn on {day:%Y-%m-%d %H:%M} UTC",
        "sign": ["Patient or representative", "Who explained it", "Date"],
        "version": "Version {version}, words sha256 {sha256}",
    },
    "es": {
        "purposes": "Otras cosas, si usted quiere",
        "agreed": "Sí",
        "not": "No",
        "signed": "Firmado en pantalla por {name} el {day:%Y-%m-%d %H:%M} UTC, ante {witness}",
        "alone": "Firmado en pantalla por {name} el {day:%Y-%m-%d %H:%M} UTC; aún sin testigo",
        "paper": "Firmado a mano por {name} el {day:%Y-%m-%d %H:%M} UTC, anotado por {witness}",
        "representative": "como representante",
        "withdrawn": "Retirado el {day:%Y-%m-%d %H:%M} UTC",
        "sign": ["Paciente o representante", "Quien lo explicó", "Fecha"],
        "version": "Versión {version}, palabras sha256 {sha256}",
    },
}


def consent_form(
    text: ConsentText,
    region: str,
    *,
    reference: str = "",
    clinic: Mapping[str, Any] | None = None,
    paper: str = "a4",
) -> bytes:
    """The form to sign by hand, as PDF."""
    return pdf(_TEMPLATE, _data(text, region, reference, clinic, paper))


def signed_form(
    consent: Consent, *, drawing: str = "", clinic: Mapping[str, Any] | None = None, paper: str = "a4"
) -> bytes:
    """A consent as it was signed, as PDF, with the drawn signature whose hash it carries. Raises BadInput."""
    if drawing_hash(drawing) != consent.drawing_sha256:
        raise BadInput("drawn signature", State("altered"), "the drawing that was signed with")
    text = version_of(consent.version, consent.language)
    words = _WORDS[consent.language]
    data = _data(text, consent.region, consent.pseudonym, clinic, paper)
    data["agreed"] = {one.id: words["agreed" if one.id in consent.purposes else "not"] for one in text.purposes}
    data["signed"] = _signed(consent)
    data["drawing"] = drawing_svg(drawing) if drawing else ""
    data["day"] = [consent.signed.year, consent.signed.month, consent.signed.day]
    return pdf(_TEMPLATE, data)


def _signed(consent: Consent) -> list[str]:
    words = _WORDS[consent.language]
    who = consent.name
    if consent.given_by == "representative":
        who += f" ({words['representative']}: {consent.representative})"
    how = str(words["paper" if consent.how == "paper" else "signed" if consent.witness else "alone"])
    lines = [how.format(name=who, day=consent.signed, witness=consent.witness)]
    if consent.withdrawn is not None:
        lines.append(str(words["withdrawn"]).format(day=consent.withdrawn))
    return [*lines, f"sha256 {consent.sha256}"]


def _data(
    text: ConsentText, region: str, reference: str, clinic: Mapping[str, Any] | None, paper: str
) -> dict[str, Any]:
    words = _WORDS[text.language]
    return {
        "title": text.title,
        "lang": text.language,
        "paper": paper,
        "disclaimer": DISCLAIMER,
        "clinic": dict(clinic) if clinic else None,
        "reference": reference,
        "day": [text.since.year, text.since.month, text.since.day],
        "sections": [{"title": one.title, "text": one.text} for one in text.for_region(region)],
        "purposes_head": words["purposes"],
        "purposes": [{"id": one.id, "title": one.title, "text": one.text} for one in text.purposes],
        "sign": words["sign"],
        "version": str(words["version"]).format(version=text.version, sha256=text.sha256(region)),
    }
