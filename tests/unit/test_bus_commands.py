"""bus, nodes, guard and table on a bus, from the command line: refusals in one sentence; the simulation's door."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from opentraction.app.command_line import run
from opentraction.app.table_socket import listen
from opentraction.quantities import BadInput, FakeClock, Streams
from opentraction.table.canopen.door import Door, door_of
from opentraction.twin.nodes.door import SimulationDoor
from opentraction.twin.simulated_table import SimulatedTable


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["bus", "--bus", "{here}/file"], "no other hub has"),
        (["bus", "--bus", "{here}/" + 120 * "x"], "at most 96 characters"),
        (["bus", "--bus", "socketcan:can0"], "a CAN interface needs no hub"),
        (["guard", "--bus", "socketcan:"], "the name of an interface"),
        (["nodes", "--bus", "socketcan:can0"], "nothing simulated is put on a real bus"),
        (["table", "--socket", "{here}/t", "--bus", "{here}/bus", "--speed", "2"], "a bus has its own time"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert run([word.replace("{here}", str(tmp_path)) for word in words]) == 2
    told = capsys.readouterr().err
    assert sentence in told
    assert told.startswith("opentraction: ")
    assert told.count("\n") == 1


class TestDoor:
    @pytest.fixture
    def table(self) -> SimulatedTable:
        return SimulatedTable(FakeClock(), Streams(3))

    def test_the_true_force_comes_unasked_and_is_unknown_when_the_simulation_goes(
        self, table: SimulatedTable, tmp_path: Path
    ) -> None:
        inside = SimulationDoor(listen(tmp_path / "door"), table)
        outside = Door(tmp_path / "door")
        assert math.isnan(outside.true_force())
        inside.serve()
        inside.tell()
        assert outside.true_force() == table.true_force()
        inside.close()
        assert math.isnan(outside.true_force())
        outside.close()

    @pytest.mark.parametrize("request_", [b"{", b"[]", b'{"do": "fly"}', b'{"do": "happen"}', b'{"do": 1}', b"\xff"])
    def test_nonsense_gets_an_answer(self, table: SimulatedTable, tmp_path: Path, request_: bytes) -> None:
        inside = SimulationDoor(listen(tmp_path / "door"), table)
        assert inside._answer(request_)["ok"] is False
        inside.close()

    def test_what_it_does_not_know_is_refused_as_the_table_itself_would(
        self, table: SimulatedTable, tmp_path: Path
    ) -> None:
        inside = SimulationDoor(listen(tmp_path / "door"), table)
        assert "one of" in inside._answer(b'{"do": "happen", "what": "earthquake"}')["allowed"]
        assert inside._answer(b'{"do": "happen", "what": "remote-plug"}')["ok"]
        assert inside._answer(b'{"do": "describe"}')["told"]["kind"] == "virtual"
        inside.close()

    def test_a_simulation_that_does_not_answer_is_said_to_be_gone(self, table: SimulatedTable, tmp_path: Path) -> None:
        inside = SimulationDoor(listen(tmp_path / "door"), table)
        outside = Door(tmp_path / "door")
        inside.close()
        with pytest.raises(BadInput, match="simulation is gone"):
            outside.happen("remote-plug")
        outside.close()

    def test_the_door_stands_beside_the_bus(self) -> None:
        assert door_of(Path("/run/bus")) == Path("/run/bus.simulation")
