"""The bus between processes: everybody hears everybody else in one order, and one who does not listen stops nobody."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import can
import canopen
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opentraction.table.canopen.frame import ERROR, EXTENDED, LAYOUT, REMOTE, STANDARD_MASK, Frame, packed, unpacked
from opentraction.table.canopen.hub import Hub

Plug = Callable[[], can.BusABC]
WAIT = 5.0
"""Longest wait for what comes at once [s]."""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made, over = Hub(tmp_path / "bus"), threading.Event()

    def turn() -> None:
        while not over.is_set():
            made.turn(0.02)

    thread = threading.Thread(target=turn)
    thread.start()
    yield made
    over.set()
    thread.join()
    made.close()


@pytest.fixture
def plug(hub: Hub) -> Iterator[Plug]:
    plugged: list[can.BusABC] = []

    def one() -> can.BusABC:
        before = hub.plugged_in
        plugged.append(can.Bus(interface="opentraction", channel=str(hub.path)))
        spin(lambda: hub.plugged_in > before)
        return plugged[-1]

    yield one
    for bus in plugged:
        bus.shutdown()


def spin(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    ready = threading.Event()
    for _ in range(int(WAIT / 0.005)):
        if holds():
            return
        ready.wait(0.005)
    pytest.fail("never")


frames = st.builds(
    Frame,
    st.one_of(
        st.integers(0, STANDARD_MASK),
        st.integers(0, (1 << 29) - 1).map(lambda one: one | EXTENDED),
        st.integers(0, STANDARD_MASK).map(lambda one: one | REMOTE),
        st.integers(0, STANDARD_MASK).map(lambda one: one | ERROR),
    ),
    st.binary(max_size=8),
)


@given(frames)
def test_a_frame_is_sixteen_bytes_and_back(frame: Frame) -> None:
    raw = packed(frame)
    assert len(raw) == LAYOUT.size == 16
    assert unpacked(raw) == frame


def test_the_layout_is_that_of_linux() -> None:
    """`struct can_frame`: identifier with flags, length, three bytes of padding, eight of data."""
    assert packed(Frame(0x181, b"\x01\x02")) == struct.pack("=IB3s8s", 0x181, 2, b"\0\0\0", b"\x01\x02")


@given(st.binary(max_size=40))
def test_no_bytes_are_believed_that_are_no_frame(raw: bytes) -> None:
    frame = unpacked(raw)
    assert frame is None or (len(raw) == 16 and len(frame.data) <= 8)


@pytest.mark.parametrize("frame", [Frame(0x800, b""), Frame(1 << 32, b""), Frame(-1, b""), Frame(1, bytes(9))])
def test_what_no_frame_holds_is_refused(frame: Frame) -> None:
    with pytest.raises(ValueError, match="CAN frame"):
        packed(frame)


def test_all_others_hear_in_one_order_and_nobody_hears_himself(plug: Plug) -> None:
    sender, other, third = plug(), plug(), plug()
    sent = [can.Message(arbitration_id=n, is_extended_id=False, data=[n % 256, n // 256]) for n in range(200)]
    for message in sent:
        sender.send(message, WAIT)
    for bus in (other, third):
        heard = [bus.recv(WAIT) for _ in sent]
        assert [(m.arbitration_id, bytes(m.data)) for m in heard] == [(m.arbitration_id, bytes(m.data)) for m in sent]
    assert sender.recv(0.0) is None


def test_one_who_does_not_listen_loses_frames_and_stops_nobody(hub: Hub, plug: Plug) -> None:
    sender, listener, deaf = plug(), plug(), plug()
    for n in range(3000):
        sender.send(can.Message(arbitration_id=n % 2048, is_extended_id=False, data=n.to_bytes(8, "little")), WAIT)
        assert int.from_bytes(listener.recv(WAIT).data, "little") == n
    assert hub.lost > 0
    assert hub.passed == 3000
    assert int.from_bytes(deaf.recv(0.0).data, "little") == 0


def test_rubbish_is_passed_to_nobody(hub: Hub, plug: Plug) -> None:
    listener = plug()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as raw:
        raw.connect(str(hub.path))
        for rubbish in (b"x", bytes(17), struct.pack("=IB3s8s", 1, 9, b"\0\0\0", bytes(8))):
            raw.send(rubbish)
        raw.send(packed(Frame(5, b"ok")))
        assert bytes(listener.recv(WAIT).data) == b"ok"


def test_whoever_leaves_is_forgotten(hub: Hub, plug: Plug) -> None:
    stays, leaves = plug(), plug()
    leaves.shutdown()
    spin(lambda: hub.plugged_in == 1)
    stays.send(can.Message(arbitration_id=1))
    spin(lambda: hub.passed == 1)
    assert hub.lost == 0


def test_a_bus_that_is_cut_is_said(tmp_path: Path) -> None:
    made = Hub(tmp_path / "bus")
    bus = can.Bus(interface="opentraction", channel=str(made.path))
    made.turn(WAIT)
    made.close()
    with pytest.raises(can.CanOperationError, match="the bus is gone"):
        bus.recv(WAIT)
    with pytest.raises(can.CanOperationError, match="the bus is gone"):
        bus.send(can.Message(arbitration_id=1))
    bus.shutdown()


def test_without_a_bus_nobody_is_plugged_in(tmp_path: Path) -> None:
    with pytest.raises(can.CanInitializationError, match=r"no bus at .*nothing: No such file"):
        can.Bus(interface="opentraction", channel=str(tmp_path / "nothing"))


def test_a_socket_left_behind_is_taken_over_and_a_living_hub_is_not(tmp_path: Path) -> None:
    path = tmp_path / "bus"
    left = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    left.bind(str(path))
    left.close()
    hub = Hub(path)
    with pytest.raises(OSError, match="in use"):
        Hub(path)
    hub.close()
    assert not path.exists()


def test_a_file_in_its_place_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bus"
    path.write_text("mine", "utf-8")
    with pytest.raises(OSError, match="in use"):
        Hub(path)
    assert path.read_text("utf-8") == "mine"


def test_another_library_talks_canopen_over_it(hub: Hub) -> None:
    """An SDO of canopen's own server, read by its own client, each on a plug of its own."""
    server, client = canopen.Network(), canopen.Network()
    for network in (server, client):
        network.connect(interface="opentraction", channel=str(hub.path))
    spin(lambda: hub.plugged_in == 2)
    try:
        dictionary = canopen.objectdictionary.ObjectDictionary()
        entry = canopen.objectdictionary.ODVariable("device type", 0x1000)
        entry.data_type, entry.default = canopen.objectdictionary.UNSIGNED32, 0x00020192
        dictionary.add_object(entry)
        server.create_node(3, dictionary)
        node = client.add_node(3, dictionary)
        assert node.sdo[0x1000].raw == 0x00020192
    finally:
        client.disconnect()
        server.disconnect()
