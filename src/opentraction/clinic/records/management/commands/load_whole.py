"""`load_whole FILE`: put a whole export into this empty database. Started by `opentraction move` and `restore`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from opentraction.clinic import head_file
from opentraction.clinic.actions.audit import record
from opentraction.clinic.models.clinic import first_clinic
from opentraction.clinic.records.loading import load_whole, refuse_what_is_used
from opentraction.clinic.records.whole import Whole
from opentraction.quantities import BadInput

AUTHOR = "command line"


class Command(BaseCommand):
    """Prints what was put in as JSON; a refusal is one sentence and exit code 2."""

    help = "put a whole export into this empty database"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and by which act it comes."""
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--act", default="restore")
        parser.add_argument("--only-look", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing."""
        try:
            if options["only_look"]:
                refuse_what_is_used()
                return
            whole = _load(options["file"])
        except BadInput as refusal:
            self.stderr.write(str(refusal))
            sys.exit(2)
        _note(options["act"], whole)
        self.stdout.write(json.dumps({"sha256": whole.sha256, "rows": whole.rows, "tables": len(whole.counts)}))


def _load(path: Path) -> Whole:
    with path.open("rb") as file:
        return load_whole(file)


def _note(act: str, whole: Whole) -> None:
    """The first row of the new place. After a move the file beside both databases stays: the old one is whole still."""
    before = head_file.path().read_bytes() if head_file.path().exists() else b""
    with transaction.atomic():
        record(act, first_clinic(), by=None, author=AUTHOR, sha256=whole.sha256, rows=whole.rows)
    if act == "move" and before:
        head_file.path().write_bytes(before)
