"""Alarms latch, are acknowledged and come back; a tiny reference model says what is right."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from opentraction.quantities.vocabulary import ALARMS
from opentraction.session.alarm_board import ORDER, AlarmBoard

BY_ID = {alarm.id: alarm for alarm in ALARMS}
STOP, ABOVE = BY_ID["A1"], BY_ID["A4"]


def shown(board: AlarmBoard) -> dict[str, tuple[float, bool, bool]]:
    return {s.alarm.id: (s.since, s.active, s.acknowledged) for s in board.standing()}


def test_a_latched_alarm_stays_until_acknowledged() -> None:
    board = AlarmBoard()
    board.hear(STOP.bit, 1.0)
    board.hear(0, 2.0)
    assert shown(board) == {"A1": (1.0, False, False)}
    assert board.acknowledge() == ["A1"]
    assert shown(board) == {}


def test_an_acknowledged_alarm_stays_while_its_condition_does() -> None:
    board = AlarmBoard()
    board.hear(STOP.bit, 1.0)
    board.acknowledge()
    board.hear(STOP.bit, 2.0)
    assert shown(board) == {"A1": (1.0, True, True)}
    assert board.acknowledge() == []
    board.hear(0, 3.0)
    assert shown(board) == {}


def test_an_alarm_that_does_not_latch_leaves_with_its_condition() -> None:
    board = AlarmBoard()
    board.hear(ABOVE.bit, 1.0)
    board.hear(0, 2.0)
    assert shown(board) == {}


def test_a_condition_that_comes_back_is_new() -> None:
    board = AlarmBoard()
    board.hear(STOP.bit, 1.0)
    board.acknowledge()
    board.hear(0, 2.0)
    board.hear(STOP.bit, 3.0)
    assert shown(board) == {"A1": (3.0, True, False)}


def test_the_worst_stands_first_then_the_oldest() -> None:
    board = AlarmBoard()
    for t, name in enumerate(("A18", "A13", "A5", "A4", "A1")):
        board.hear(sum(BY_ID[n].bit for n in ("A18", "A13", "A5", "A4", "A1")[: t + 1]), float(t))
        assert name in shown(board)
    assert [s.alarm.id for s in board.standing()] == ["A5", "A1", "A13", "A4", "A18"]
    board.clear()
    assert shown(board) == {}


@dataclass
class Model:
    """What should stand, one dictionary and no cleverness."""

    standing: dict[str, list[object]] = field(default_factory=dict)

    def hear(self, on: set[str], t: float) -> None:
        for alarm in ALARMS:
            now = self.standing.get(alarm.id)
            if alarm.id in on:
                if now is None or not now[1]:
                    self.standing[alarm.id] = [t, True, False]
            elif now is not None:
                now[1] = False
                if now[2] or not alarm.latching:
                    del self.standing[alarm.id]

    def acknowledge(self) -> None:
        for name, now in list(self.standing.items()):
            now[2] = True
            if not now[1]:
                del self.standing[name]


names = st.sets(st.sampled_from(sorted(BY_ID)))
acts = st.lists(st.one_of(names, st.none()), max_size=40)


@given(acts)
def test_board_and_model_never_disagree(acts: list[set[str] | None]) -> None:
    board, model = AlarmBoard(), Model()
    for t, act in enumerate(acts):
        if act is None:
            before = set(shown(board))
            board.acknowledge()
            model.acknowledge()
            assert set(shown(board)) <= before
        else:
            board.hear(sum(BY_ID[name].bit for name in act), float(t))
            model.hear(act, float(t))
            assert act <= set(shown(board)), "a condition without a signal"
        assert shown(board) == {name: tuple(now) for name, now in model.standing.items()}
        order = [ORDER[s.alarm.priority] for s in board.standing()]
        assert order == sorted(order)
