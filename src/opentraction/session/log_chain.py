"""The event log: one document a line, each sealed with the hash of the one before, on disk before it counts.

A line is canonical JSON with three more fields: `seq` (0, 1, ...), `prev` (the hash of the line before, 64 zeros for
the first) and `sha256` (over the canonical JSON of the rest). Whoever changes, drops or swaps a line breaks the chain.
The chain alone does not show that whole lines were cut off the end; the stop document and the signed hash do.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opentraction.quantities.canonical import canonical as spelled
from opentraction.quantities.plain import plain
from opentraction.session.durable import DurableFile

GENESIS = "0" * 64
SECTOR = 512
"""The smallest piece that a disk writes whole [bytes]."""
_OURS = ("seq", "prev", "sha256")


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one spelling of a document, in UTF-8."""
    return spelled(document).encode("utf-8")


def seal(document: Mapping[str, Any], seq: int, prev: str) -> tuple[bytes, str]:
    """The line of a document and its hash."""
    taken = [key for key in _OURS if key in document]
    if taken:
        raise ValueError(f"a document cannot have a field called {taken[0]}")
    body = plain({**document, "seq": seq, "prev": prev})
    digest = hashlib.sha256(canonical(body)).hexdigest()
    return canonical({**body, "sha256": digest}) + b"\n", digest


class LogChain:
    """Appends documents to a log; `last` and `seq` continue an existing one."""

    def __init__(self, file: DurableFile, seq: int = 0, last: str = GENESIS) -> None:
        self.file = file
        self.seq = seq
        self.last = last

    def append(self, document: Mapping[str, Any], sync: bool = True) -> None:
        """Seal and write one document. Raises OSError; the line then waits in the file's queue, in order."""
        line, digest = seal(document, self.seq, self.last)
        self.seq, self.last = self.seq + 1, digest
        self.file.append(line, sync)

    def finish(self) -> None:
        """Bring everything to the disk and close the file. Raises OSError after closing it."""
        try:
            self.file.drain()
            self.file.settle()
        finally:
            self.file.close()


@dataclass(frozen=True)
class LogReport:
    """What a log holds: its documents up to the first bad line, and what is wrong."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    bad_line: int | None = None
    why: str = ""
    torn: bool = False
    good_bytes: int = 0
    last: str = GENESIS

    @property
    def whole(self) -> bool:
        """Nothing is wrong but perhaps a torn last line."""
        return self.bad_line is None


def verify(path: Path) -> LogReport:
    """Read a log and follow its chain. A last line without its end is torn, not bad: it was never acknowledged."""
    lines = path.read_bytes().split(b"\n")
    torn = lines.pop() != b""
    documents: list[dict[str, Any]] = []
    last, good = GENESIS, 0
    for number, line in enumerate(lines, start=1):
        document, why = _open(line, number - 1, last)
        if document is None and number == len(lines) and not torn and _unwritten(line, good):
            return LogReport(documents, torn=True, good_bytes=good, last=last)
        if document is None:
            return LogReport(documents, number, why, torn, good, last)
        last, good = document["sha256"], good + len(line) + 1
        documents.append(document)
    return LogReport(documents, torn=torn, good_bytes=good, last=last)


def _unwritten(line: bytes, at: int) -> bool:
    """Whether a sector of this line never reached the disk; `at` is its offset in the file [bytes].

    Such a sector reads as zeros, which no line holds; the line's end behind it may be there all the same.
    """
    ends = (match.span() for match in re.finditer(rb"\x00+", line))
    return any(
        (begin == 0 or (at + begin) % SECTOR == 0) and (end == len(line) or (at + end) % SECTOR == 0)
        for begin, end in ends
    )


def _open(line: bytes, seq: int, prev: str) -> tuple[dict[str, Any] | None, str]:
    """The document of a line, or why it is bad."""
    try:
        document = json.loads(line)
        body = {key: value for key, value in document.items() if key != "sha256"}
        same = canonical(document) == line
    except (ValueError, AttributeError, RecursionError):
        return None, "it is not a JSON object"
    if not same or document.get("sha256") != hashlib.sha256(canonical(body)).hexdigest():
        return None, "its content does not match its hash"
    if document.get("seq") != seq or document.get("prev") != prev:
        return None, "it does not follow the line before"
    return document, ""
