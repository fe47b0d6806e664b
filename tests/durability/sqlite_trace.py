"""Notes what SQLite writes and syncs, in the process it runs in: its own file layer is asked to call us first.

The default VFS (https://www.sqlite.org/vfs.html) is a table of functions; opening, writing, cutting and syncing files
is wrapped with ctypes, and everything is really done, too. Nothing is put back: for a process that ends soon.
"""

from __future__ import annotations

import _sqlite3
import ctypes as c
from pathlib import Path
from typing import Any

from tests.durability.power import Cut, FolderSync, Named, Step, Sync, Write

POINTER, INT, BIG = c.c_void_p, c.c_int, c.c_int64
OPEN = c.CFUNCTYPE(INT, POINTER, POINTER, POINTER, INT, POINTER)
DELETE = c.CFUNCTYPE(INT, POINTER, POINTER, INT)
WRITE = c.CFUNCTYPE(INT, POINTER, POINTER, INT, BIG)
TRUNCATE = c.CFUNCTYPE(INT, POINTER, BIG)
SYNC = c.CFUNCTYPE(INT, POINTER, INT)
GET_CALL = c.CFUNCTYPE(POINTER, POINTER, c.c_char_p)
SET_CALL = c.CFUNCTYPE(INT, POINTER, c.c_char_p, POINTER)
OPEN_FOLDER = c.CFUNCTYPE(INT, POINTER, POINTER)
X_WRITE, X_TRUNCATE, X_SYNC = 3, 4, 5
"""Places in the methods of a file, after its version."""
METHODS = 19
_FOREVER: list[object] = []
"""SQLite holds our functions' addresses: nothing of them may be collected."""


class Vfs(c.Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = (
        ("version", INT), ("file_size", INT), ("longest", INT), ("following", POINTER), ("name", c.c_char_p),
        ("data", POINTER), ("open", OPEN), ("delete", DELETE), ("others", POINTER * 11),
        ("set_call", SET_CALL), ("get_call", GET_CALL), ("next_call", POINTER),
    )  # fmt: skip


class SqliteTrace:
    """Adds to `steps` what is done to the databases below a folder, from now on."""

    def __init__(self, root: Path, steps: list[Step], numbers: dict[Path, int]) -> None:
        self.root, self.steps, self._numbers = root.absolute(), steps, numbers
        self._paths: dict[int, Path] = {}
        self._kept: list[Any] = []
        _FOREVER.append(self)
        library = c.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = c.POINTER(Vfs)
        self._vfs = library.sqlite3_vfs_find(None)
        vfs = self._vfs.contents
        self._open, self._delete = OPEN(_address(vfs.open)), DELETE(_address(vfs.delete))
        vfs.open, vfs.delete = self._keep(OPEN(self.open)), self._keep(DELETE(self.delete))
        self._open_folder = OPEN_FOLDER(vfs.get_call(c.addressof(vfs), b"openDirectory"))
        vfs.set_call(c.addressof(vfs), b"openDirectory", _address(self._keep(OPEN_FOLDER(self.open_folder))))

    def open(self, vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        path = _path(name) if name else None
        fresh = path is not None and not path.exists()
        done: int = self._open(vfs, name, file, flags, out)
        if done == 0 and path is not None and path.is_relative_to(self.root):
            number = self._number(path, fresh)
            self._paths[file] = path
            if fresh:
                self.steps.append(Named(path, number))
            self._wrap(file, number)
        return done

    def delete(self, vfs: int, name: int, sync: int) -> int:
        done: int = self._delete(vfs, name, sync)
        if done == 0:
            self.steps.append(Named(_path(name), None))
        return done

    def open_folder(self, name: int, out: int) -> int:
        """SQLite opens the folder of a new file only to sync it."""
        self.steps.append(FolderSync(_path(name).parent))
        done: int = self._open_folder(name, out)
        return done

    def _wrap(self, file: int, number: int) -> None:
        methods = c.cast(file, c.POINTER(c.POINTER(POINTER * METHODS)))[0].contents
        ours = (POINTER * METHODS)(*methods)
        write, truncate, sync = WRITE(ours[X_WRITE]), TRUNCATE(ours[X_TRUNCATE]), SYNC(ours[X_SYNC])

        def noted_write(this: int, data: int, size: int, offset: int) -> int:
            self.steps.append(Write(number, offset, c.string_at(data, size)))
            return int(write(this, data, size, offset))

        def noted_truncate(this: int, size: int) -> int:
            self.steps.append(Cut(number, size))
            return int(truncate(this, size))

        def noted_sync(this: int, how: int) -> int:
            done = int(sync(this, how))
            self.steps.append(Sync(number))
            return done

        ours[X_WRITE] = _address(self._keep(WRITE(noted_write)))
        ours[X_TRUNCATE] = _address(self._keep(TRUNCATE(noted_truncate)))
        ours[X_SYNC] = _address(self._keep(SYNC(noted_sync)))
        c.cast(file, c.POINTER(POINTER))[0] = c.addressof(self._keep(ours))

    def _number(self, path: Path, fresh: bool) -> int:
        if fresh or path not in self._numbers:
            self._numbers[path] = 1000 + len(self._numbers) + len(self._kept)
        return self._numbers[path]

    def _keep(self, thing: Any) -> Any:
        """Until the process ends: SQLite holds its address."""
        self._kept.append(thing)
        return thing


def _path(name: int) -> Path:
    """Names are handed on by their address: SQLite keeps it."""
    return Path(c.string_at(name).decode())


def _address(function: Any) -> int:
    return c.cast(function, POINTER).value or 0
