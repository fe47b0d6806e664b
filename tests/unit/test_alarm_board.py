"""Alarms latch, are acknowledged, paused and come back; an independent model says what is right."""

from __future__ import annotations

import random

import pytest

from opentraction.quantities.vocabulary import ALARMS, Alarm
from opentraction.session.alarm_board import LONGEST_PAUSE, ORDER, SHOWN_AT_LEAST, AlarmBoard
from opentraction.session.alarm_schedule import wanted
from tests.alarm_model import Model

BY_ID = {alarm.id: alarm for alarm in ALARMS}
STOP, ABOVE, SERVICE = BY_ID["A1"], BY_ID["A4"], BY_ID["A16"]


def shown(board: AlarmBoard) -> dict[str, tuple[float, str]]:
    return {s.alarm.id: (s.since, s.state) for s in board.standing()}


def sounds(board: AlarmBoard, t: float) -> str:
    return wanted(board.standing(), board.pause_left(t) is not None).name


@pytest.fixture
def board() -> AlarmBoard:
    return AlarmBoard()


def test_a_latched_alarm_stays_until_acknowledged(board: AlarmBoard) -> None:
    board.hear(STOP.bit, 1.0)
    assert shown(board) == {"A1": (1.0, "active")}
    board.hear(0, 2.0)
    board.hear(0, 9000.0)
    assert shown(board) == {"A1": (1.0, "latched")}
    assert sounds(board, 9000.0) == "high"
    assert [one.kind for one in board.acknowledge(9001.0)] == ["acknowledged", "left"]
    assert shown(board) == {}


def test_an_acknowledged_alarm_is_silent_and_stays_on_the_screen_while_its_condition_does(board: AlarmBoard) -> None:
    board.hear(STOP.bit, 1.0)
    board.acknowledge(1.5)
    board.hear(STOP.bit, 2.0)
    assert shown(board) == {"A1": (1.0, "acknowledged")}
    assert sounds(board, 2.0) == "reminder"
    assert board.acknowledge(2.5) == []
    board.hear(0, 3.0)
    assert shown(board) == {}


def test_what_does_not_latch_leaves_with_its_condition_but_is_seen(board: AlarmBoard) -> None:
    board.hear(ABOVE.bit, 1.0)
    board.hear(0, 1.005)
    assert shown(board) == {"A4": (1.0, "latched")}
    assert board.hear(0, 1.0 + SHOWN_AT_LEAST - 0.01) == []
    assert [one.kind for one in board.hear(0, 1.0 + SHOWN_AT_LEAST)] == ["left"]
    board.hear(ABOVE.bit, 10.0)
    assert [one.kind for one in board.hear(0, 15.0)] == ["over", "left"]


def test_a_condition_that_comes_back_is_new(board: AlarmBoard) -> None:
    board.hear(STOP.bit, 1.0)
    board.acknowledge(1.0)
    board.hear(0, 2.0)
    board.hear(STOP.bit, 3.0)
    assert shown(board) == {"A1": (3.0, "active")}
    assert [s.number for s in board.standing()] == [2]


def test_the_worst_stands_first_then_what_nobody_has_seen_then_the_oldest(board: AlarmBoard) -> None:
    names = ("A18", "A13", "A5", "A4", "A1")
    for t in range(len(names)):
        board.hear(sum(BY_ID[n].bit for n in names[: t + 1]), float(t))
        assert names[t] in shown(board)
    assert [s.alarm.id for s in board.standing()] == ["A5", "A1", "A13", "A4", "A18"]
    board.acknowledge(9.0, [3, 2])
    assert [s.alarm.id for s in board.standing()] == ["A1", "A5", "A4", "A13", "A18"]


def test_only_what_was_on_the_page_is_acknowledged(board: AlarmBoard) -> None:
    board.hear(STOP.bit, 1.0)
    seen = [s.number for s in board.standing()]
    board.hear(0, 2.0)
    board.hear(STOP.bit, 3.0)
    assert board.acknowledge(3.1, seen) == []
    assert sounds(board, 3.1) == "high"


def test_sound_is_paused_for_two_minutes_and_no_longer(board: AlarmBoard) -> None:
    assert board.pause_sound(0.0) == []
    board.hear(STOP.bit, 1.0)
    assert [one.kind for one in board.pause_sound(1.0)] == ["sound paused"]
    assert board.pause_sound(100.0) == []
    assert board.pause_left(100.0) == 21.0
    assert shown(board) == {"A1": (1.0, "active")}
    assert sounds(board, 100.0) == ""
    board.hear(STOP.bit, 1.0 + LONGEST_PAUSE)
    assert sounds(board, 121.0) == "high"
    assert LONGEST_PAUSE == 120.0


@pytest.mark.parametrize("new", [alarm for alarm in ALARMS if alarm.id != "A8"], ids=lambda alarm: alarm.id)
def test_any_new_alarm_breaks_the_pause(board: AlarmBoard, new: Alarm) -> None:
    old = BY_ID["A8"]
    board.hear(old.bit, 1.0)
    board.pause_sound(2.0)
    told = board.hear(old.bit | new.bit, 3.0)
    assert [one.kind for one in told] == ["raised", "sound on"]
    worst = min((old, new), key=lambda one: ORDER[one.priority])
    assert sounds(board, 3.0) == worst.priority


def test_the_same_alarm_raised_again_breaks_the_pause(board: AlarmBoard) -> None:
    board.hear(STOP.bit, 1.0)
    board.pause_sound(2.0)
    board.hear(0, 3.0)
    assert sounds(board, 3.0) == ""
    board.hear(STOP.bit, 4.0)
    assert sounds(board, 4.0) == "high"


def test_the_pause_ends_when_asked_and_with_what_it_silences(board: AlarmBoard) -> None:
    board.hear(STOP.bit, 1.0)
    board.pause_sound(2.0)
    board.sound_again(3.0)
    assert sounds(board, 3.0) == "high"
    board.pause_sound(4.0)
    board.acknowledge(5.0)
    assert board.pause_left(5.0) is None


def test_a_quiet_tick_costs_nothing_and_says_nothing(board: AlarmBoard) -> None:
    board.hear(STOP.bit, 1.0)
    version = board.version
    assert all(board.hear(STOP.bit, 1.0 + n) == [] for n in range(1000))
    assert board.version == version


def test_ten_thousand_random_histories_agree_with_the_model() -> None:
    chance = random.Random(20261123)
    seen = {"raised": 0, "acknowledged": 0, "paused": 0, "broken": 0}
    for _ in range(10_000):
        board, model, t = AlarmBoard(), Model(), 0.0
        mine = chance.sample(ALARMS, chance.randint(1, 4))
        on: set[str] = set()
        for _ in range(chance.randint(4, 14)):
            t += chance.choice((0.005, 0.5, 2.0, 60.0, 120.0))
            _act(chance, board, model, mine, on, t, seen)
            assert shown(board) == _model_shown(model, t)
            assert sounds(board, t) == _model_sounds(model, t)
    assert all(count > 1000 for count in seen.values()), seen


def _act(
    chance: random.Random,
    board: AlarmBoard,
    model: Model,
    mine: list[Alarm],
    on: set[str],
    t: float,
    seen: dict[str, int],
) -> None:
    """One thing happens to both: conditions come and go in between, as they do at every tick."""
    what = chance.random()
    if what < 0.6:
        on ^= {one.id for one in chance.sample(mine, chance.randint(1, len(mine)))}
    paused = model.quiet(t)
    model.conditions(on, t)
    told = board.hear(sum(BY_ID[id_].bit for id_ in on), t)
    seen["raised"] += sum(one.kind == "raised" for one in told)
    seen["broken"] += paused and any(one.kind == "raised" for one in told)
    assert on <= shown(board).keys(), "a condition without a signal"
    if 0.6 <= what < 0.75:
        some = {s.number: s.alarm.id for s in board.standing() if chance.random() < 0.7}
        seen["acknowledged"] += len(board.acknowledge(t, some)) > 0
        model.acknowledge(set(some.values()), t)
    elif 0.75 <= what < 0.9:
        seen["paused"] += len(board.pause_sound(t)) > 0
        model.pause(t)
    elif 0.9 <= what < 0.93:
        board.sound_again(t)
        model.silent_until = min(model.silent_until, t)


def _model_shown(model: Model, t: float) -> dict[str, tuple[float, str]]:
    def state(over: float | None, seen: float | None) -> str:
        return "acknowledged" if seen is not None else "latched" if over is not None else "active"

    return {id_: (one.begun, state(one.over, one.seen)) for id_, one in model.standing(t).items()}


def _model_sounds(model: Model, t: float) -> str:
    if model.quiet(t):
        return ""
    return model.loudest(t) or ("reminder" if model.standing(t) else "")
