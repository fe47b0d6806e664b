"""`opentraction restore`: a backup into an empty place, proved whole before it counts."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

from opentraction.app.another_database import django_on, known_url
from opentraction.app.backup_file import HEAD, KEY, WHOLE, Manifest, unpack
from opentraction.quantities import BadInput, State


def main(chosen: argparse.Namespace) -> int:
    """Beside the place first; it gets its name when hashes, rows, record of acts and head are as they were."""
    url, data = known_url("--to", chosen.to), chosen.data.absolute()
    if not chosen.file.is_file():
        raise BadInput("file", str(chosen.file), "a file that opentraction backup wrote")
    if os.path.lexists(data) and (not data.is_dir() or any(data.iterdir())):
        raise BadInput("--data", str(chosen.data), "a folder that is new or empty")
    if not data.parent.is_dir():
        raise BadInput("--data", str(chosen.data), "a folder beside others that are there")
    beside = Path(tempfile.mkdtemp(prefix=f".{data.name}.", suffix=".part", dir=data.parent))
    try:
        manifest = _restore(chosen.file, beside, url)
        if data.exists():
            data.rmdir()
        beside.rename(data)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _say(manifest, chosen.data, url)
    return 0


def _restore(file: Path, beside: Path, url: str) -> Manifest:
    manifest = unpack(file, beside)
    if not (beside / KEY).exists():
        (beside / HEAD).unlink(missing_ok=True)  # signed with a key that is not here; a new one begins
    django_on(url, beside, "load_whole", "--only-look")
    django_on(url, beside, "migrate", "--verbosity", "0")
    said = json.loads(django_on(url, beside, "load_whole", str(beside / WHOLE)))
    if said["sha256"] != manifest.whole["sha256"]:
        raise BadInput("backup", State("not what its manifest says"), "the file as it was written; take an older one")
    (beside / WHOLE).unlink()
    return manifest


def _say(manifest: Manifest, data: Path, url: str) -> None:
    whole = manifest.whole
    print(f"Restored {whole['rows']} rows of {whole['tables']} tables and {len(manifest.files) - 1} files.")
    print(f"Every hash is right, the record of acts is whole. The backup was made {manifest.made}.")
    first = "set OPENTRACTION_DATABASE_URL to the new address, then " if url else ""
    print(f"To work with it: {first}opentraction run --data {data}. Everybody signs in anew.")
