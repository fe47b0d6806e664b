"""A directory file as numbered lines with their byte offsets, read as a stream: a plain file, or a file in a ZIP.

One line is one row. The registry says so of its file, and so a stray quotation mark spoils its own line only and any
line's end is a place to go on from.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from opentraction.quantities import BadInput, State

LONGEST: Final = 64 * 1024
"""Bytes of a line. The registry's lines have one to three thousand."""
_HEAD: Final = 1024 * 1024
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Source:
    """An open directory file: what it is called, how long [bytes], and a fingerprint to know it again by."""

    stream: BinaryIO
    name: str
    size: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Line:
    """Line `number` (the header is 1) without its end, and the byte offset just after it; `raw` is None if too long."""

    number: int
    end: int
    raw: bytes | None


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a CSV, or the one in a ZIP that is no header file. Raises BadInput."""
    if not path.is_file():
        raise BadInput("file", State("not there"), "a CSV, or a ZIP with one in it", str(path))
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as folder, folder.open(_member(folder, path)) as stream:
                info = folder.getinfo(stream.name)
                mark = hashlib.sha256(f"{info.filename} {info.file_size} {info.CRC}".encode()).hexdigest()
                yield Source(cast(BinaryIO, stream), info.filename, info.file_size, mark)
        else:
            with path.open("rb") as stream:
                size = path.stat().st_size
                yield Source(stream, path.name, size, _fingerprint(stream, size))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError) as problem:
        raise BadInput("file", State(f"not a whole ZIP ({problem})"), "a ZIP that can be unpacked", str(path)) from None
    except RuntimeError as problem:  # what zipfile raises for a password
        if "password" not in str(problem):
            raise
        raise BadInput("file", State("locked with a password"), "a ZIP without one", str(path)) from None


def _member(folder: zipfile.ZipFile, path: Path) -> str:
    names = [name for name in folder.namelist() if name.lower().endswith(".csv") and "fileheader" not in name.lower()]
    main = [name for name in names if Path(name).name.lower().startswith("npidata_pfile")] or names
    if len(main) != 1:
        found = ", ".join(main[:4]) or "none"
        raise BadInput("file", State(f"a ZIP with {len(main)} tables ({found})"), "one npidata_pfile CSV", str(path))
    return main[0]


def _fingerprint(stream: BinaryIO, size: int) -> str:
    """Of length, beginning and end: a nine-gigabyte file is not read twice to be known again."""
    digest = hashlib.sha256(str(size).encode())
    digest.update(stream.read(_HEAD))
    stream.seek(max(0, size - LONGEST))
    digest.update(stream.read(LONGEST))
    stream.seek(0)
    return digest.hexdigest()


def lines_of(stream: BinaryIO, number: int = 0, offset: int = 0) -> Iterator[Line]:
    """The lines after line `number`, which ended at byte `offset`. Blank ones are passed over."""
    if offset:
        stream.seek(offset)
    while raw := stream.readline(LONGEST):
        number += 1
        offset += len(raw)
        if len(raw) == LONGEST and not raw.endswith(b"\n"):
            offset += _rest(stream)
            yield Line(number, offset, None)
        elif text := raw.strip(b"\r\n"):
            yield Line(number, offset, text.removeprefix(_BOM) if number == 1 else text)


def _rest(stream: BinaryIO) -> int:
    """Read on to the end of an overlong line; how many bytes that was."""
    passed = 0
    while raw := stream.readline(LONGEST):
        passed += len(raw)
        if raw.endswith(b"\n"):
            break
    return passed
