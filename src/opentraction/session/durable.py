"""A file that only grows, and only by whole pieces: a piece that did not fit waits and is tried again."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections import deque
from pathlib import Path

_CHUNK = 1 << 20
_CANNOT_BE_ASKED = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EROFS})


class DurableFile:
    """Whole pieces at the end of a file.

    A failed write is cut off again, so the file never holds half a piece because of a full disk; the piece waits in
    memory and goes out, in order, with the next one (an hour's session is 16 MB). A failed fsync is never tried again
    for the same bytes: the system may have dropped them (the PostgreSQL project's finding of 2018), so the file stays
    marked `doubtful` until it is written anew as another file from what is kept in memory (`renew`). A file that was
    deleted or moved away is written again from what is held open (`restore`).

    `keep` keeps what no sync has covered yet in memory; without it nothing ends a doubt.
    """

    def __init__(self, path: Path, descriptor: int, size: int = 0, *, keep: bool = True) -> None:
        self.path = path.absolute()
        self.descriptor = descriptor
        self.size = size
        self.doubtful = False
        self._locked = False
        self._waiting: deque[bytes] = deque()
        self._keep = keep
        self._unsynced: dict[int, bytes] = {}

    @classmethod
    def create(cls, path: Path, *, keep: bool = True) -> DurableFile:
        """A new file; raises FileExistsError rather than touch an old one."""
        return cls(path, _new(path), keep=keep)

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
        self.drain(sync)
        if sync:
            self.sync()

    def drain(self, sync: bool = False) -> None:
        """Write what waits. Raises OSError. `sync` between pieces, so that a power cut tears the last alone."""
        while self._waiting:
            piece = self._waiting[0]
            try:
                self.write_at(piece, self.size)
            except OSError:
                self.cut(self.size)
                raise
            self.size += len(self._waiting.popleft())
            if sync and self._waiting:
                self.sync()

    def write_at(self, piece: bytes, offset: int) -> None:
        """All of `piece` at `offset`. Raises OSError."""
        _put(self.descriptor, piece, offset)
        if self._keep:
            self._unsynced.pop(offset, None)  # the newest goes last
            self._unsynced[offset] = piece

    def sync(self) -> None:
        """Ask for the bytes to be on the disk. Raises OSError, once and for all after a failure."""
        if self.doubtful:
            raise OSError(f"{self.path.name}: an earlier write may not have reached the disk")
        try:
            os.fdatasync(self.descriptor)
        except OSError:
            self.doubtful = True
            raise
        self._unsynced.clear()

    def settle(self) -> None:
        """The last sync of all; where it fails, or one before did, the file is written anew. Raises OSError."""
        try:
            self.sync()
        except OSError:
            self.renew()

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
        make_folder(self.path.parent)
        self._go_on_in(self._copied(self.path))

    def renew(self) -> Path:
        """After a failed sync: go on in another file under the same name; where the doubtful one is kept.

        What was synced is copied, what was not comes from memory: the system's own copy may be gone. Raises OSError;
        the file is then as doubtful as before.
        """
        if not self._keep:
            raise OSError(errno.EIO, f"{self.path.name}: an earlier write may not have reached the disk")
        part = self.path.with_name(f"{self.path.name}.part")
        part.unlink(missing_ok=True)
        fresh = self._copied(part)
        try:
            aside = _set_aside(self.path)
            part.replace(self.path)
        except OSError:
            os.close(fresh)
            part.unlink(missing_ok=True)
            raise
        self._go_on_in(fresh)
        return aside

    def cut(self, size: int) -> None:
        """What stands after `size` bytes goes; where even that is refused, the same piece is written over it later."""
        with contextlib.suppress(OSError):
            os.ftruncate(self.descriptor, size)

    def close(self) -> None:
        """Close the file; what waits is lost."""
        os.close(self.descriptor)

    def _copied(self, path: Path) -> int:
        """A new file on the disk with all that this one should hold. Raises OSError; there is none then."""
        fresh = _new(path)
        try:
            _copy(self.descriptor, fresh)
            for offset, piece in self._unsynced.items():
                _put(fresh, piece, offset)
            if self._locked:
                fcntl.flock(fresh, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.fsync(fresh)
        except OSError:
            os.close(fresh)
            path.unlink(missing_ok=True)
            raise
        return fresh

    def _go_on_in(self, fresh: int) -> None:
        """The doubt ends where all of it, and its name, are on the disk. Raises OSError."""
        os.close(self.descriptor)
        self.descriptor = fresh
        sync_folder(self.path.parent)
        if self._keep:
            self.doubtful = False
            self._unsynced.clear()


def sync_folder(folder: Path) -> None:
    """Ask for the names of new files to be on the disk too. Raises OSError; a system that cannot be asked is not."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_BE_ASKED:
            raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; the names of new ones are on the disk then. Raises OSError."""
    new = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise OSError(errno.ENOTDIR, "Its folder was replaced by a file") from error
    for one in reversed(new):
        sync_folder(one.parent)


def _set_aside(path: Path) -> Path:
    """A second name for what is not known to be on the disk. Raises OSError."""
    number = 1
    while True:
        aside = path.with_name(f"{path.name}.doubtful-{number}")
        try:
            os.link(path, aside)
        except FileExistsError:
            number += 1
        else:
            return aside


def _new(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)


def _copy(source: int, target: int) -> None:
    """Every byte of one open file into another. Raises OSError."""
    at = 0
    while piece := os.pread(source, _CHUNK, at):
        _put(target, piece, at)
        at += len(piece)


def _put(descriptor: int, piece: bytes, offset: int) -> None:
    """All of a piece. Raises OSError."""
    done = 0
    while done < len(piece):
        done += os.pwrite(descriptor, piece[done:], offset + done)
