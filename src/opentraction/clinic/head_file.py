"""The head of the record of acts in a file beside the database: `audit-head`, two lines, written in turn.

Who can cut rows off a database may not reach this file; and who can write files, but not read the key, cannot forge it.
Each line holds a length, the last hash and a keyed hash of both. The older line stays until the newer is on disk, so a
power cut leaves one that is whole.
"""

from __future__ import annotations

import fcntl
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from opentraction.session.durable import sync_folder

NAME: Final = "audit-head"
SALT: Final = "opentraction.audit-head"
WIDTH: Final = 160
"""Bytes of a line, its end included."""
log = logging.getLogger(__name__)
_waiting: list[Head] = []
"""Heads of rows that are committed, whose threads wait for the disk."""


@dataclass(frozen=True)
class Head:
    """How many rows, and the hash of the last."""

    length: int
    sha256: str

    @property
    def line(self) -> bytes:
        """As it stands in the file."""
        words = f"{self.length} {self.sha256}"
        mac = salted_hmac(SALT, words, algorithm="sha256").hexdigest()
        return f"{words} {mac}".ljust(WIDTH - 1).encode() + b"\n"


def path() -> Path:
    """Where the file lies."""
    return Path(settings.DATA) / NAME


def read() -> Head | None:
    """The newest line that is whole and ours; None without one."""
    try:
        lines = path().read_bytes().splitlines()
    except OSError:
        return None
    heads = [head for line in lines for head in [_head(line)] if head]
    return max(heads, key=lambda head: head.length, default=None)


def write(head: Head) -> bool:
    """Put the head on disk unless a longer one is there already; False where that could not be done.

    Of many at once, whoever comes first writes the longest, and the others find it there: one wait for the disk for all
    of them. Nobody returns before a head of at least their own length is on disk.
    """
    _waiting.append(head)
    try:
        fresh = not path().exists()
        descriptor = os.open(path(), os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _put(file.fileno(), head, max(_waiting.copy(), key=lambda one: one.length))
        if fresh:
            sync_folder(path().parent)
    except OSError as trouble:
        log.error("the head of the record of acts could not be put beside the database: %s", trouble)
        return False
    finally:
        _waiting.remove(head)
    return True


def _put(file: int, head: Head, longest: Head) -> None:
    slots = [_head(os.pread(file, WIDTH, at)) for at in (0, WIDTH)]
    lengths = [slot.length if slot else -1 for slot in slots]
    if max(lengths) >= head.length:
        return
    os.pwrite(file, longest.line, WIDTH * lengths.index(min(lengths)))
    os.fdatasync(file)


def _head(line: bytes) -> Head | None:
    words = line.decode("ascii", "replace").split()
    if len(words) != 3 or not words[0].isdecimal():
        return None
    head = Head(int(words[0]), words[1])
    return head if constant_time_compare(head.line.strip(), line.strip()) else None
