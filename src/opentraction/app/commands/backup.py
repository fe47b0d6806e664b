"""`opentraction backup`: the whole clinic in one file, while everything runs."""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from opentraction.app.backup_file import HEAD, WHOLE, Manifest, Writer, files_of, pieces_of
from opentraction.app.commands.user import AUTHOR, open_clinic
from opentraction.quantities import BadInput


def main(chosen: argparse.Namespace) -> int:
    """Under a name of its own until it is whole and on the disk; then it is noted in the record of acts."""
    open_clinic(chosen.data)
    out: Path = chosen.out
    if os.path.lexists(out):
        raise BadInput("--out", str(out), "a new file; nothing is written over")
    if not out.parent.is_dir():
        raise BadInput("--out", str(out), "a file in a folder that is there")
    from django.db import DatabaseError

    try:
        since = _removals()
        manifest = _write(out, chosen)
        _note(manifest, chosen.with_key)
    except DatabaseError as error:
        raise BadInput("--data", str(chosen.data), f"a clinic whose database can be used ({error})") from None
    size = out.stat().st_size / 1e6
    print(f"Wrote {out}: {manifest.whole['rows']} rows, {len(manifest.files) - 1} files, {size:.1f} MB.")
    print(f"The database's export has SHA-256 {manifest.whole['sha256']}.")
    if since:
        print(f"Records were removed by the schedule, last on {since}. Backups from before that day hold them still.")
    return 0


def _removals() -> str:
    """The day of the last removal, empty for none; a recording that one left behind goes before it is copied."""
    from opentraction.clinic.records.models import Removal
    from opentraction.clinic.records.removing import sweep

    sweep()
    last = Removal.objects.order_by("-at").first()
    return f"{last.at:%Y-%m-%d}" if last else ""


def _write(out: Path, chosen: argparse.Namespace) -> Manifest:
    descriptor, part = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            manifest = _fill(file, chosen.data, chosen.with_key)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, out)  # refuses where a file of this name has come meanwhile
    finally:
        Path(part).unlink()
    _sync_folder(out.parent)
    return manifest


def _fill(file: IO[bytes], data: Path, with_key: bool) -> Manifest:
    """The head first, then the database, then recordings: each is then at least as far as what was taken before it."""
    from opentraction.clinic.records.whole import export_whole

    head = (data / HEAD).read_bytes() if (data / HEAD).is_file() else b""
    with tempfile.TemporaryFile(dir=data) as spool:
        whole = export_whole(spool)
        counts = {"sha256": whole.sha256, "rows": whole.rows, "tables": len(whole.counts)}
        writer = Writer(file, Manifest(made=datetime.now(UTC).isoformat(timespec="seconds"), whole=counts))
        spool.seek(0)
        writer.put(WHOLE, iter(lambda: spool.read(1 << 20), b""))
    if head:
        writer.put(HEAD, iter([head]))
    for name in files_of(data, with_key):
        writer.put(name, pieces_of(data / name))
    writer.close()
    return writer.manifest


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _note(manifest: Manifest, with_key: bool) -> None:
    from django.db import transaction

    from opentraction.clinic.actions.audit import record
    from opentraction.clinic.models.clinic import first_clinic

    with transaction.atomic():
        said = {"rows": manifest.whole["rows"], "sha256": manifest.whole["sha256"], "with_key": with_key}
        record("backup", first_clinic(), by=None, author=AUTHOR, **said)
