"""Before each session every object is set, read back and compared; the guard is given its limits and asked for them.

Anything that differs refuses the session in one sentence (hazard H27).
"""

from __future__ import annotations

from collections.abc import Iterable

from opentraction.quantities.refusal import BadInput, State
from opentraction.table.canopen import objects
from opentraction.table.canopen import words as w
from opentraction.table.canopen.objects import Wanted
from opentraction.table.canopen.sdo import NOT_NOW, Client, Refused, Unanswered
from opentraction.table.port import Limits
from opentraction.table.two_words import PERMITTED_LASTS


def configure(client: Client, wanted: Iterable[Wanted] = objects.OF_THE_TABLE) -> None:
    """Set and compare. Raises BadInput, naming the first object that differs."""
    for one in wanted:
        if one.writable:
            _set(client, one.node, one.key, one.data, one.what)
        _compare(client, one.node, one.key, one.data, one.what)


def give_limits(client: Client, limits: Limits) -> None:
    """Give the guard its limits for one session, and have them back. Raises BadInput."""
    pieces = objects.limits(limits)
    whole = (*pieces, objects.crc_of(pieces))
    for sub, data in enumerate(whole, start=1):
        _set(client, w.GUARD, (objects.LIMITS, sub), data, "limits")
    for sub, data in enumerate(whole, start=1):
        _compare(client, w.GUARD, (objects.IN_FORCE, sub), data, "limits")


def ask_for_silence(client: Client) -> None:
    """Let the guard say nothing for longer than its word is good for. Raises BadInput."""
    _set(client, w.GUARD, objects.BE_SILENT, objects.u16(2e3 * PERMITTED_LASTS), "silence")


def _set(client: Client, node: int, key: tuple[int, int], data: bytes, what: str) -> None:
    try:
        client.write(node, key, data)
    except Refused as refusal:
        why = "not at rest" if refusal.code == NOT_NOW else f"refused (SDO abort {refusal})"
        raise BadInput(_name(node, key, what), State(why), "a node that takes it") from None
    except Unanswered:
        raise _silent(node) from None


def _compare(client: Client, node: int, key: tuple[int, int], data: bytes, what: str) -> None:
    try:
        found = client.read(node, key)
    except Refused as refusal:
        raise BadInput(_name(node, key, what), State(f"not there (SDO abort {refusal})"), "an object to read") from None
    except Unanswered:
        raise _silent(node) from None
    if found != data:
        raise BadInput(_name(node, key, what), State(f"0x{found[::-1].hex()}"), f"0x{data[::-1].hex()}, as it was set")


def _silent(node: int) -> BadInput:
    return BadInput(w.NODE_NAMES[node], State("silent"), "a node that answers on the bus")


def _name(node: int, key: tuple[int, int], what: str) -> str:
    return f"{w.NODE_NAMES[node]}: {what} ({key[0]:04X}h sub {key[1]})"
