"""A file that only grows, and only by whole pieces: a piece that did not fit waits and is tried again."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path


class DurableFile:
    """Whole pieces at the end of a file.

    A failed write is cut off again, so the file never holds half a piece because of a full disk; the piece waits in
    memory and goes out, in order, with the next one (an hour's session is 16 MB). A failed fsync is never tried again
    for the same bytes: the system may have dropped them (the PostgreSQL project's finding of 2018), so the file stays
    marked `doubtful`.
    """

    def __init__(self, path: Path, descriptor: int, size: int = 0) -> None:
        self.path = path
        self.descriptor = descriptor
        self.size = size
        self.doubtful = False
        self._waiting: deque[bytes] = deque()

    @classmethod
    def create(cls, path: Path) -> DurableFile:
        """A new file; raises FileExistsError rather than touch an old one."""
        return cls(path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640))

    @classmethod
    def reopen(cls, path: Path, size: int) -> DurableFile:
        """An old file, cut to its first `size` bytes."""
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        os.ftruncate(descriptor, size)
        return cls(path, descriptor, size)

    @property
    def waiting(self) -> int:
        """Bytes not yet in the file."""
        return sum(len(piece) for piece in self._waiting)

    def append(self, piece: bytes, sync: bool) -> None:
        """Add a piece. Raises OSError when it (or one before it) has to wait, or is not known to be safe."""
        self._waiting.append(piece)
        self.drain()
        if sync:
            self.sync()

    def drain(self) -> None:
        """Write what waits. Raises OSError."""
        while self._waiting:
            piece = self._waiting[0]
            try:
                self.write_at(piece, self.size)
            except OSError:
                self._cut()
                raise
            self.size += len(self._waiting.popleft())

    def write_at(self, piece: bytes, offset: int) -> None:
        """All of `piece` at `offset`. Raises OSError."""
        done = 0
        while done < len(piece):
            done += os.pwrite(self.descriptor, piece[done:], offset + done)

    def sync(self) -> None:
        """Ask for the bytes to be on the disk. Raises OSError, once and for all after a failure."""
        if self.doubtful:
            raise OSError(f"{self.path.name}: an earlier write may not have reached the disk")
        try:
            os.fdatasync(self.descriptor)
        except OSError:
            self.doubtful = True
            raise

    def close(self) -> None:
        """Close the file; what waits is lost."""
        os.close(self.descriptor)

    def _cut(self) -> None:
        try:
            os.ftruncate(self.descriptor, self.size)
        except OSError:
            self.doubtful = True
