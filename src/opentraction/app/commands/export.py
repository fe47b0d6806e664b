"""`opentraction export`: a patient's whole record as a ZIP."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from opentraction.app.commands.user import AUTHOR, open_clinic
from opentraction.quantities import BadInput

if TYPE_CHECKING:
    from opentraction.clinic.models import Patient


def main(chosen: argparse.Namespace) -> int:
    """Write it, with its audit row, and say where it is."""
    open_clinic(chosen.data)
    from django.db import DatabaseError

    try:
        print(_export(chosen))
    except DatabaseError as error:
        raise BadInput("--data", str(chosen.data), f"a clinic whose database can be used ({error})") from None
    return 0


def _export(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.records.actions.exporting import hand_out_at_the_machine

    patient = _patient(chosen.patient)
    chosen.out.mkdir(mode=0o700, parents=True, exist_ok=True)
    path: Path = chosen.out / f"record-{patient.pseudonym}.zip"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput("--out", str(chosen.out), f"a folder without {path.name}; nothing is written over") from None
    try:
        with os.fdopen(descriptor, "r+b") as file:
            packed = hand_out_at_the_machine(patient, file, author=AUTHOR)
    except BaseException:
        path.unlink()
        raise
    return f"Wrote {path}: {len(packed)} files. record.json has SHA-256 {packed[0].sha256}."


def _patient(word: str) -> Patient:
    """Raises BadInput for a pseudonym of nobody."""
    from opentraction.clinic.models import Patient

    number = word.upper().removeprefix("P-")
    known = number.isascii() and number.isdecimal() and len(number) < 10
    one = Patient.objects.filter(number=int(number)).first() if known else None
    if one is None:
        raise BadInput("patient", word, "the pseudonym of a patient, such as P-017")
    return one
