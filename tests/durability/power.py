"""A disk that loses its power: what was written and synced is noted, and every state it may leave is built again.

The model: a write goes to the system's memory. Until the next sync of its file each of its sectors may be on the disk
or not, in any order and at any of its versions since then; so may the file's length. A sector inside the length that
was never written reads as zeros. A name is there for certain once its folder was synced; names of one folder come in
order.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

SECTORS = (512, 4096)
CHOICES = ("nothing", "all", "length only", "newest only", "chance", "other chance")


class Write(NamedTuple):
    """Bytes at an offset of a file that was given a number."""

    file: int
    offset: int
    data: bytes


class Cut(NamedTuple):
    """A new length [bytes]."""

    file: int
    size: int


class Sync(NamedTuple):
    """The system said that the file is on the disk."""

    file: int


class Named(NamedTuple):
    """A name now leads to a file; None for no file."""

    path: Path
    file: int | None


class FolderSync(NamedTuple):
    """The system said that the names in a folder are on the disk."""

    folder: Path


class Told(NamedTuple):
    """Somebody was told that this is kept."""

    what: Any


Step = Write | Cut | Sync | Named | FolderSync | Told


class Trace:
    """Notes what is done to files below a folder while it is patched in; everything is really done, too."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root.absolute()
        self.steps: list[Step] = []
        self._open: dict[int, int | Path] = {}
        self._inodes: dict[int, int] = {}
        self._real: dict[str, Callable[..., Any]] = {}
        for name in (
            "open",
            "pwrite",
            "ftruncate",
            "fdatasync",
            "fsync",
            "close",
            "rename",
            "replace",
            "link",
            "unlink",
            "mkdir",
        ):
            self._real[name] = getattr(os, name)
            patch.setattr(os, name, getattr(self, name))

    def told(self, what: Any) -> None:
        self.steps.append(Told(what))

    def open(self, path: Any, flags: int, *more: Any, **named: Any) -> int:
        fresh = flags & os.O_CREAT and not os.path.lexists(path)
        descriptor = int(self._real["open"](path, flags, *more, **named))
        place = Path(os.fsdecode(path)).absolute() if not isinstance(path, int) else None
        if place is not None and place.is_relative_to(self.root):
            self._open[descriptor] = place if place.is_dir() else self._number(descriptor)
            if fresh:
                self.steps.append(Named(place, self._number(descriptor)))
        return descriptor

    def pwrite(self, descriptor: int, data: bytes, offset: int) -> int:
        done = int(self._real["pwrite"](descriptor, data, offset))
        self._note(descriptor, lambda file: Write(file, offset, bytes(data[:done])))
        return done

    def ftruncate(self, descriptor: int, size: int) -> None:
        self._real["ftruncate"](descriptor, size)
        self._note(descriptor, lambda file: Cut(file, size))

    def fdatasync(self, descriptor: int) -> None:
        self._real["fdatasync"](descriptor)
        self._note(descriptor, Sync)

    def fsync(self, descriptor: int) -> None:
        self._real["fsync"](descriptor)
        known = self._open.get(descriptor)
        if isinstance(known, Path):
            self.steps.append(FolderSync(known))
        else:
            self._note(descriptor, Sync)

    def close(self, descriptor: int) -> None:
        self._open.pop(descriptor, None)
        self._real["close"](descriptor)

    def rename(self, old: Any, new: Any, **named: Any) -> None:
        self._real["rename"](old, new, **named)
        self._moved(old, new)

    def replace(self, old: Any, new: Any, **named: Any) -> None:
        self._real["replace"](old, new, **named)
        self._moved(old, new)

    def link(self, old: Any, new: Any, **named: Any) -> None:
        self._real["link"](old, new, **named)
        self._named(new, self._inodes.get(Path(new).stat().st_ino))

    def unlink(self, path: Any, **named: Any) -> None:
        self._real["unlink"](path, **named)
        self._named(path, None)

    def mkdir(self, path: Any, *more: Any, **named: Any) -> None:
        self._real["mkdir"](path, *more, **named)
        self._named(path, -1)

    def _moved(self, old: Any, new: Any) -> None:
        self._named(new, self._inodes.get(Path(new).stat().st_ino))
        self._named(old, None)

    def _named(self, path: Any, file: int | None) -> None:
        place = Path(os.fsdecode(path)).absolute()
        if place.is_relative_to(self.root):
            self.steps.append(Named(place, file))

    def _number(self, descriptor: int) -> int:
        return self._inodes.setdefault(os.fstat(descriptor).st_ino, len(self._inodes))

    def _note(self, descriptor: int, step: Callable[[int], Step]) -> None:
        known = self._open.get(descriptor)
        if isinstance(known, int):
            self.steps.append(step(known))


@dataclass
class File:
    """What is on the disk for certain, and what was done since."""

    safe: bytes = b""
    since: list[Write | Cut] = field(default_factory=list)

    def synced(self) -> None:
        now = bytearray(self.safe)
        for step in self.since:
            _do(now, step)
        self.safe, self.since = bytes(now), []

    def left(self, choice: str, sector: int, chance: random.Random) -> bytes:
        """What a power cut now may leave of it."""
        sizes, versions = self._versions(sector)
        size = {"nothing": 0, "all": -1, "length only": -1, "newest only": -1}.get(choice, chance.randrange(len(sizes)))
        image = bytearray(self.safe.ljust(max(sizes), b"\0"))
        for at, held in versions.items():
            image[at : at + sector] = self._one(held, at in self._newest(sector), choice, chance)
        return bytes(image[: sizes[size]])

    def _one(self, held: list[bytes], newest: bool, choice: str, chance: random.Random) -> bytes:
        """Of the versions of a sector, oldest first, the one that reached the disk."""
        if choice in {"nothing", "length only"}:
            return held[0]
        if choice == "all":
            return held[-1]
        if choice == "newest only":
            return held[-1] if newest else held[0]
        return chance.choice(held)

    def _versions(self, sector: int) -> tuple[list[int], dict[int, list[bytes]]]:
        """Every length it had [bytes], and of each sector that was touched every content, by its offset."""
        now, sizes = bytearray(self.safe), [len(self.safe)]
        versions: dict[int, list[bytes]] = {}
        for step in self.since:
            for at in _sectors(step, len(now), sector):
                versions.setdefault(at, [_padded(now, at, sector)])
            touched = _sectors(step, len(now), sector)
            _do(now, step)
            sizes.append(len(now))
            for at in touched:
                versions[at].append(_padded(now, at, sector))
        return sizes, versions

    def _newest(self, sector: int) -> range:
        """The sectors of the last step."""
        return _sectors(self.since[-1], 0, sector) if self.since else range(0)


def _do(now: bytearray, step: Write | Cut) -> None:
    size = step.size if isinstance(step, Cut) else max(len(now), step.offset + len(step.data))
    del now[size:]
    now.extend(bytes(size - len(now)))
    if isinstance(step, Write):
        now[step.offset : step.offset + len(step.data)] = step.data


def _sectors(step: Write | Cut, length: int, sector: int) -> range:
    """Offsets of the sectors that a step on a file of `length` [bytes] touches."""
    begin, end = (step.size, length) if isinstance(step, Cut) else (step.offset, step.offset + len(step.data))
    return range(begin - begin % sector, end, sector)


def _padded(now: bytearray, at: int, sector: int) -> bytes:
    return bytes(now[at : at + sector]).ljust(sector, b"\0")


class Disk:
    """Follows a trace step by step; at any of them the power may go."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.files: dict[int, File] = {}
        self.names: dict[Path, int | None] = {}
        self.waiting: dict[Path, list[Named]] = {}
        self.told: list[Any] = []

    def follow(self, step: Step) -> None:
        if isinstance(step, Write | Cut):
            self.files.setdefault(step.file, File()).since.append(step)
        elif isinstance(step, Sync):
            self.files.setdefault(step.file, File()).synced()
        elif isinstance(step, Named):
            self.waiting.setdefault(step.path.parent, []).append(step)
        elif isinstance(step, FolderSync):
            self.names.update((one.path, one.file) for one in self.waiting.pop(step.folder, []))
        else:
            self.told.append(step.what)

    def leave(self, folder: Path, choice: str, sector: int, chance: random.Random) -> None:
        """Build in `folder` what may be found when the power is back."""
        names = self._names(choice, chance)
        for path, number in names.items():
            lost = any(names.get(above, -1) is None or (above not in names) for above in self._above(path))
            if number is None or number < 0 or lost:
                continue
            place = folder / path.relative_to(self.root)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(self.files.get(number, File()).left(choice, sector, chance))

    def _names(self, choice: str, chance: random.Random) -> dict[Path, int | None]:
        names = dict(self.names)
        for waiting in self.waiting.values():
            most = {"nothing": 0, "all": len(waiting)}.get(choice, chance.randint(0, len(waiting)))
            names.update((one.path, one.file) for one in waiting[:most])
        return names

    def _above(self, path: Path) -> list[Path]:
        """The folders below the root that the path lies in; they have to be named themselves."""
        return [above for above in path.parents if above != self.root and above.is_relative_to(self.root)]


def cuts(steps: list[Step], root: Path, every: int, first: int = 0) -> Iterator[tuple[int, Disk]]:
    """The disk after every prefix of a trace; `every` of them from `first` on, and the last."""
    disk = Disk(root)
    for number, step in enumerate(steps):
        disk.follow(step)
        if number % every == first or number == len(steps) - 1:
            yield number, disk
