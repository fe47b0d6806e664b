"""A file that only grows, and only by whole pieces: a piece that did not fit waits and is tried again."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections import deque
from pathlib import Path

_CHUNK = 1 << 20


class DurableFile:
    """Whole pieces at the end of a file.

    A failed write is cut off again, so the file never holds half a piece because of a full disk; the piece waits in
    memory and goes out, in order, with the next one (an hour's session is 16 MB). A failed fsync is never tried again
    for the same bytes: the system may have dropped them (the PostgreSQL project's finding of 2018), so the file stays
    marked `doubtful`. A file that was deleted or moved away is written again from what is held open (`restore`).
    """

    def __init__(self, path: Path, descriptor: int, size: int = 0) -> None:
        self.path = path.absolute()
        self.descriptor = descriptor
        self.size = size
        self.doubtful = False
        self._locked = False
        self._waiting: deque[bytes] = deque()

    @classmethod
    def create(cls, path: Path) -> DurableFile:
        """A new file; raises FileExistsError rather than touch an old one."""
        return cls(path, _new(path))

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

    def lock(self) -> None:
        """Say that this file is being written, as long as it is open. Raises OSError."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._locked = True

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

    def in_place(self) -> bool:
        """Whether the name still leads to this file."""
        ours = os.fstat(self.descriptor)
        try:
            named = self.path.lstat()
        except OSError:
            return False
        return (named.st_dev, named.st_ino) == (ours.st_dev, ours.st_ino)

    def restore(self) -> None:
        """Write the file anew under its name, from what is held open, and go on there.

        Raises OSError; nothing has changed then. What stands under the name by now belongs to someone else and is
        never touched.
        """
        _make_folder(self.path.parent)
        fresh = _new(self.path)
        try:
            _copy(self.descriptor, fresh)
            if self._locked:
                fcntl.flock(fresh, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.fsync(fresh)
        except OSError:
            os.close(fresh)
            self.path.unlink(missing_ok=True)
            raise
        os.close(self.descriptor)
        self.descriptor = fresh
        sync_folder(self.path.parent)

    def close(self) -> None:
        """Close the file; what waits is lost."""
        os.close(self.descriptor)

    def _cut(self) -> None:
        """Half a piece goes; where even that is refused, the same piece is written over it later."""
        with contextlib.suppress(OSError):
            os.ftruncate(self.descriptor, self.size)


def sync_folder(folder: Path) -> None:
    """Ask for the names of new files to be on the disk too."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _new(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise OSError(errno.ENOTDIR, "Its folder was replaced by a file") from error


def _copy(source: int, target: int) -> None:
    """Every byte of one open file into another. Raises OSError."""
    at = 0
    while piece := os.pread(source, _CHUNK, at):
        done = 0
        while done < len(piece):
            done += os.pwrite(target, piece[done:], at + done)
        at += len(piece)
