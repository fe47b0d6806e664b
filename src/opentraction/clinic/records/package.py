"""The ZIP of a patient's record: record.json, a page to read, signed papers, recordings, and a hash of each file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings

from opentraction.clinic.at_the_table import recordings
from opentraction.clinic.consents.models import SignedConsent
from opentraction.clinic.consents.paper import signed_pdf
from opentraction.clinic.models import Patient
from opentraction.clinic.records.export import SCHEMA, VERSION, export_patient
from opentraction.clinic.records.reading_page import page_of
from opentraction.quantities import BadInput

BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every file in it, so that the same record is the same ZIP."""
A_PIECE: Final = 1 << 20  # [bytes]


@dataclass(frozen=True)
class Packed:
    """One file of it."""

    path: str
    sha256: str
    bytes: int


def export_zip(patient: Patient, file: IO[bytes]) -> list[Packed]:
    """Write the ZIP; what is in it, with hashes."""
    record = export_patient(patient)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        packed = [_put(archive, "record.json", [_readable(record)])]
        packed += [_put(archive, name, [pdf]) for name, pdf in _papers(patient)]
        packed += [_put(archive, name, _pieces(path)) for name, path in recording_files(patient)]
        packed.append(_put(archive, "index.html", [page_of(record, packed).encode()]))
        _put(archive, "manifest.json", [_readable(_manifest(patient, packed))])
    return packed


def recording_files(patient: Patient) -> Iterator[tuple[str, Path]]:
    """Every file of every recording of this patient's sessions, by name."""
    own = {str(pk) for pk in patient.sessions.values_list("pk", flat=True)}
    found = sorted((uid, folder) for folder, uid in recordings(Path(settings.DATA)) if uid in own)
    for uid, folder in found:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"recordings/{uid}/{path.relative_to(folder).as_posix()}", path


def _papers(patient: Patient) -> Iterator[tuple[str, bytes]]:
    """Signed consents as they are printed; one that was altered stays in record.json, with its hash."""
    for row in SignedConsent.objects.filter(patient=patient).order_by("pk"):
        try:
            yield f"papers/consent-{row.pk}.pdf", signed_pdf(row.given, patient.clinic, row.drawing)
        except BadInput:
            continue


def _manifest(patient: Patient, packed: list[Packed]) -> dict[str, Any]:
    files = [vars(one) for one in packed]
    return {"schema": SCHEMA, "version": VERSION, "patient": patient.pseudonym, "files": files}


def _readable(value: Any) -> bytes:
    """Keys sorted, a line each: the same bytes for the same record."""
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(A_PIECE):
            yield piece


def _put(archive: zipfile.ZipFile, name: str, pieces: Any) -> Packed:
    info = zipfile.ZipInfo(name, BEGINNING)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    sha256, size = hashlib.sha256(), 0
    with archive.open(info, "w", force_zip64=True) as file:
        for piece in pieces:
            sha256.update(piece)
            size += len(piece)
            file.write(piece)
    return Packed(name, sha256.hexdigest(), size)
