"""Objects of a node, read and written one by one (SDO, expedited: up to four bytes), after CiA 301.

Both ends are here: `Server` answers for a node, `Client` asks. The independent check is the `canopen` package, which
reads this server in a test.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final, NamedTuple

REQUEST: Final = 0x600
ANSWER: Final = 0x580
"""With the node's number added."""
_HEAD: Final = struct.Struct("<BHB4s")
NO_OBJECT: Final = 0x06020000
READ_ONLY: Final = 0x06010002
WRONG_LENGTH: Final = 0x06070010
BAD_VALUE: Final = 0x06090030
NOT_NOW: Final = 0x08000022
NO_COMMAND: Final = 0x05040001
TRIES: Final = 4
"""A question is asked so often: a lost frame must not refuse a session."""
PATIENCE: Final = 0.040
"""[s] for one answer."""
Key = tuple[int, int]


class Refused(Exception):
    """A node does not take a value; the code is an SDO abort code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"0x{code:08X}")
        self.code = code


class Value(NamedTuple):
    """An object's bytes, and whether the bus may write them."""

    data: bytes
    writable: bool = True


class Server:
    """One node's objects. `check` may raise Refused before a value is taken, `taken` is told after."""

    def __init__(
        self,
        objects: dict[Key, Value],
        check: Callable[[Key, bytes], None] | None = None,
        taken: Callable[[Key], None] | None = None,
    ) -> None:
        self.objects = objects
        self._check = check
        self._taken = taken

    def answer(self, request: bytes) -> bytes | None:
        """The answer to a request; None to what is none."""
        if len(request) != 8:
            return None
        command, index, sub, data = _HEAD.unpack(request)
        try:
            if command >> 5 == 2:
                return self._read((index, sub))
            if command >> 5 == 1 and command & 0x03 == 0x03:
                return self._write((index, sub), data[: 4 - (command >> 2 & 0x03)])
            raise Refused(NO_COMMAND)
        except Refused as refusal:
            return None if command == 0x80 else _HEAD.pack(0x80, index, sub, refusal.code.to_bytes(4, "little"))

    def _read(self, key: Key) -> bytes:
        if key not in self.objects:
            raise Refused(NO_OBJECT)
        data = self.objects[key].data
        return _HEAD.pack(0x43 | (4 - len(data)) << 2, *key, data)

    def _write(self, key: Key, data: bytes) -> bytes:
        before = self.objects.get(key)
        if before is None:
            raise Refused(NO_OBJECT)
        if not before.writable:
            raise Refused(READ_ONLY)
        if len(data) != len(before.data):
            raise Refused(WRONG_LENGTH)
        if self._check is not None:
            self._check(key, data)
        self.objects[key] = Value(data)
        if self._taken is not None:
            self._taken(key)
        return _HEAD.pack(0x60, *key, b"")


class Unanswered(Exception):
    """A node did not answer, after all tries."""


Ask = Callable[[int, bytes, float], bytes | None]
"""Send a request to a node, wait so long [s] for its answer."""


class Client:
    """Reads and writes the objects of other nodes, over `ask`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def read(self, node: int, key: Key) -> bytes:
        """An object's bytes. Raises Refused or Unanswered."""
        command, data = self._talk(node, key, _HEAD.pack(0x40, *key, b""))
        if command & 0xE3 != 0x43:
            raise Unanswered
        return data[: 4 - (command >> 2 & 0x03)]

    def write(self, node: int, key: Key, data: bytes) -> None:
        """Write an object. Raises Refused or Unanswered."""
        command, _ = self._talk(node, key, _HEAD.pack(0x23 | (4 - len(data)) << 2, *key, data))
        if command != 0x60:
            raise Unanswered

    def _talk(self, node: int, key: Key, request: bytes) -> tuple[int, bytes]:
        for _ in range(TRIES):
            answer = self._ask(node, request, PATIENCE)
            if answer is None or len(answer) != 8:
                continue
            command, index, sub, data = _HEAD.unpack(answer)
            if (index, sub) != key:
                continue  # of an earlier question
            if command == 0x80:
                raise Refused(int.from_bytes(data, "little"))
            return command, data
        raise Unanswered
