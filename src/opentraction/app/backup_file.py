"""One file that holds a clinic: the whole export, the files beside it, and a manifest with the hash of each.

It is a ZIP whose directory stands at its end, so that a file cut off anywhere cannot be opened. The manifest's own hash
stands in the comment behind everything.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from opentraction.quantities import BadInput, State

FORM: Final = 1
WHOLE: Final = "whole.jsonl"
MANIFEST: Final = "manifest.json"
HEAD: Final = "audit-head"
FILES: Final = ("table/lockouts.jsonl", "table/alarms.jsonl")
FOLDERS: Final = ("recordings",)
KEY: Final = "secret-key"
A_PIECE: Final = 1 << 20  # [bytes]
DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError,
    ValueError, LookupError, TypeError,
)  # fmt: skip
"""What reading an archive raises where bytes of it are others: an offset before its beginning is an OSError."""


@dataclass
class Manifest:
    """What the file holds."""

    made: str
    whole: dict[str, Any]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    form: int = FORM

    def line(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, indent=1).encode() + b"\n"


def files_of(data: Path, with_key: bool) -> Iterator[str]:
    """What is kept beside the database, by name: lockouts, alarms, recordings, and if asked the key."""
    names = [*FILES, *([KEY] if with_key else [])]
    yield from (name for name in names if (data / name).is_file())
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(data).as_posix()


class Writer:
    """Puts one file after another in, and the manifest last."""

    def __init__(self, file: IO[bytes], manifest: Manifest) -> None:
        self.archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self.manifest = manifest

    def put(self, name: str, pieces: Iterator[bytes]) -> None:
        """Hashed as it is read, so that a recording that grows meanwhile is kept as far as it was."""
        sha256, size = hashlib.sha256(), 0
        with self.archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as file:
            for piece in pieces:
                sha256.update(piece)
                size += len(piece)
                file.write(piece)
        self.manifest.files[name] = {"bytes": size, "sha256": sha256.hexdigest()}

    def close(self) -> None:
        """The manifest, and its hash behind everything."""
        said = self.manifest.line()
        self.archive.writestr(zipfile.ZipInfo(MANIFEST), said)
        self.archive.comment = hashlib.sha256(said).hexdigest().encode()
        self.archive.close()


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(A_PIECE):
            yield piece


def unpack(file: Path, into: Path) -> Manifest:
    """Write everything into a folder, each file checked. Raises BadInput for what is torn, altered or not ours."""
    with file.open("rb") as raw:
        with _whole("the file"):
            archive = zipfile.ZipFile(raw)
            manifest = _manifest(archive)
        for name, known in manifest.files.items():
            _take(archive, name, known, into)
    return manifest


@contextmanager
def _whole(what: str) -> Iterator[None]:
    """Whatever a damaged archive makes of its reader is told as what it is; nothing is written in here."""
    try:
        yield
    except DAMAGED:
        raise _torn(what) from None


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    if MANIFEST not in names or len(set(names)) != len(names):
        raise BadInput("backup", State("not a backup"), "a file that opentraction backup wrote")
    said = archive.read(MANIFEST)
    if hashlib.sha256(said).hexdigest().encode() != archive.comment:
        raise _torn(MANIFEST)
    known = json.loads(said)
    if known.get("form") != FORM:
        raise BadInput("backup", State("of another version"), f"form {FORM}")
    if {*known["files"], MANIFEST} != set(names) or WHOLE not in known["files"]:
        raise _torn("the list of files")
    return Manifest(**known)


def _take(archive: zipfile.ZipFile, name: str, known: dict[str, Any], into: Path) -> None:
    path = into / _inside(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sha256, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in _pieces_in(archive, name):
            sha256.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if (size, sha256.hexdigest()) != (known["bytes"], known["sha256"]):
        raise _torn(name)


def _pieces_in(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with _whole(name):
        source = archive.open(name)
    with source:
        while piece := _piece(source, name):
            yield piece


def _piece(source: IO[bytes], name: str) -> bytes:
    with _whole(name):
        return source.read(A_PIECE)


def _inside(name: str) -> PurePosixPath:
    """A path below the folder and nowhere else."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
        raise BadInput("backup", State("a file with an odd name"), "a file that opentraction backup wrote")
    return path


def _torn(what: str) -> BadInput:
    return BadInput("backup", State(f"torn or altered ({what})"), "the file as it was written; take an older backup")
