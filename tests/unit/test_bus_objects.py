"""Objects over the bus: our server read by the `canopen` package, our client and our server, and lost frames."""

from __future__ import annotations

import struct
from collections.abc import Callable

import canopen
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.quantities import BadInput
from opentraction.table.canopen import objects as o
from opentraction.table.canopen import words as w
from opentraction.table.canopen.configure import configure
from opentraction.table.canopen.sdo import (
    ANSWER,
    NO_COMMAND,
    NO_OBJECT,
    READ_ONLY,
    REQUEST,
    WRONG_LENGTH,
    Client,
    Refused,
    Server,
    Unanswered,
    Value,
)

KEYS = {(0x2000, 1): Value(b"\1\2\3\4"), (0x2000, 2): Value(b"\7"), (0x2000, 3): Value(b"\1\0", writable=False)}


@pytest.fixture
def server() -> Server:
    return Server(dict(KEYS))


@pytest.fixture
def client(server: Server) -> Client:
    return Client(lambda node, request, patience: server.answer(request))


def test_what_is_written_is_read(client: Client) -> None:
    assert client.read(3, (0x2000, 1)) == b"\1\2\3\4"
    client.write(3, (0x2000, 1), b"abcd")
    client.write(3, (0x2000, 2), b"x")
    assert client.read(3, (0x2000, 1)) == b"abcd"
    assert client.read(3, (0x2000, 2)) == b"x"


@pytest.mark.parametrize(("key", "data", "code"), [
    ((0x2000, 9), b"x", NO_OBJECT),
    ((0x2000, 3), b"\1\0", READ_ONLY),
    ((0x2000, 1), b"x", WRONG_LENGTH),
])  # fmt: skip
def test_what_cannot_be_written_is_refused_by_its_code(
    client: Client, key: tuple[int, int], data: bytes, code: int
) -> None:
    with pytest.raises(Refused) as refusal:
        client.write(3, key, data)
    assert refusal.value.code == code


@given(st.binary(max_size=9))
def test_any_bytes_get_an_answer_or_none(request: bytes) -> None:
    answer = Server(dict(KEYS)).answer(request)
    assert answer is None or len(answer) == 8


def test_a_command_that_is_not_known_is_aborted(server: Server) -> None:
    answer = server.answer(bytes([0xA0, 0, 0x20, 1, 0, 0, 0, 0]))
    assert answer is not None
    assert struct.unpack("<I", answer[4:])[0] == NO_COMMAND


def test_a_lost_answer_is_asked_again_and_a_strange_one_is_none(server: Server) -> None:
    answers = [None, server.answer(bytes([0x40, 0, 0x20, 2, 0, 0, 0, 0])), b"short", None]

    def ask(node: int, request: bytes, patience: float) -> bytes | None:
        return answers.pop(0) if len(answers) > 1 else server.answer(request)

    assert Client(ask).read(3, (0x2000, 1)) == b"\1\2\3\4"


def test_a_node_that_never_answers_is_said_to_be_silent() -> None:
    client = Client(lambda node, request, patience: None)
    with pytest.raises(Unanswered):
        client.read(3, (0x2000, 1))
    with pytest.raises(BadInput, match="drive is silent"):
        configure(client)


class Wire:
    """The `canopen` package on one end, our server on the other."""

    def __init__(self, server: Server) -> None:
        self.network = canopen.Network()
        self.network.send_message = self._send
        self.node = self.network.add_node(w.DRIVE, canopen.ObjectDictionary())
        self._server = server

    def _send(self, cob: int, data: bytes, remote: bool = False) -> None:
        assert cob == REQUEST + w.DRIVE
        answer = self._server.answer(bytes(data))
        if answer is not None:
            self.network.notify(ANSWER + w.DRIVE, bytearray(answer), 0.0)


def test_an_independent_client_reads_and_writes_our_server(server: Server) -> None:
    sdo = Wire(server).node.sdo
    assert sdo.upload(0x2000, 1) == b"\1\2\3\4"
    sdo.download(0x2000, 1, b"wxyz")
    assert server.objects[0x2000, 1].data == b"wxyz"
    code: Callable[[int], object] = lambda sub: sdo.upload(0x2000, sub)  # noqa: E731
    with pytest.raises(canopen.SdoAbortedError) as refusal:
        code(9)
    assert refusal.value.code == NO_OBJECT


@pytest.mark.parametrize("node", [w.DRIVE, w.CELL_A, w.CELL_B, w.SWITCHES])
def test_a_node_as_it_was_built_looks_set_in_nothing_that_has_to_be_set(node: int) -> None:
    objects = o.as_built(node)
    for one in o.OF_THE_TABLE:
        if one.node == node and one.writable and any(one.data):
            assert objects[one.key].data != one.data
