"""`opentraction audit`: is the record of acts whole, and the record itself as lines of JSON."""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext
from pathlib import Path

from opentraction.app.commands.user import AUTHOR, open_clinic
from opentraction.quantities import BadInput

BROKEN = 5


def main(chosen: argparse.Namespace) -> int:
    """Check or export, and say so. 5 when the record is not whole."""
    open_clinic(chosen.data)
    from django.db import DatabaseError

    try:
        return {"check": _check, "export": _export}[chosen.act](chosen)
    except DatabaseError as error:
        raise BadInput("--data", str(chosen.data), f"a clinic whose database can be used ({error})") from None


def _check(chosen: argparse.Namespace) -> int:
    from opentraction.clinic.chain import broken_link
    from opentraction.clinic.models import AuditHead

    broken = broken_link()
    if broken is None:
        head = AuditHead.objects.first()
        print(f"The record of acts is whole: {head.length if head else 0} rows, each linked to the one before.")
        return 0
    where = f"row {broken.row}" if broken.row else "its end"
    print(f"The record of acts is not whole. At {where}: {broken.why}.", file=sys.stderr)
    return BROKEN


def _export(chosen: argparse.Namespace) -> int:
    from opentraction.clinic.auditing import lines
    from opentraction.clinic.models import AuditRow

    _note()
    count = 0
    with _open(chosen.out) as file:
        for line in lines(AuditRow.objects.all()):
            file.write(line)
            count += 1
    print(f"{count} rows.", file=sys.stderr)
    return 0


def _open(path: Path | None):  # type: ignore[no-untyped-def]
    """Standard output, or a new file of its owner's alone. Raises BadInput for one that is there already."""
    if path is None:
        return nullcontext(sys.stdout)
    try:
        path.touch(mode=0o600, exist_ok=False)
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise BadInput("--out", str(path), f"a file that can be made ({error.strerror})") from None


def _note() -> None:
    from django.db import transaction

    from opentraction.clinic.actions.audit import record
    from opentraction.clinic.models.clinic import first_clinic

    with transaction.atomic():
        record("export record of acts", first_clinic(), by=None, author=AUTHOR)
