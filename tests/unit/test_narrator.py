"""The narrator turns rows into what a person would say."""

from __future__ import annotations

import numpy as np
import pytest

from opentraction.quantities import vocabulary as v
from opentraction.session import rows as r
from opentraction.session.narrator import Narrator

LOOPS = v.REMOTE_LOOP_A | v.REMOTE_LOOP_B
A1, A4 = v.ALARMS[0], v.ALARMS[3]


def block(*changes: dict[int, float]) -> np.ndarray:
    """Rows 5 ms apart; each change stays for those that follow."""
    row = np.zeros(r.N_COLUMNS)
    row[[r.SWITCHES, r.LIMIT, r.MEASURED]] = v.ALL_WELL, 400.0, 123.4
    out = []
    for n, change in enumerate(changes):
        row = row.copy()
        row[r.T] = n * 0.005
        for column, value in change.items():
            row[column] = value
        out.append(row)
    return np.array(out)


def told(*changes: dict[int, float]) -> list[tuple[str, str]]:
    return [(e["kind"], e["text"]) for e in Narrator().hear(block({}, *changes))]


def test_nothing_new_is_nothing_said() -> None:
    assert told({}, {}) == []
    assert Narrator().hear(np.zeros((0, r.N_COLUMNS))) == []


def test_a_press_is_one_event_and_so_is_letting_go() -> None:
    pressed = v.ALL_WELL & ~LOOPS
    assert told({r.SWITCHES: pressed}, {r.SWITCHES: v.ALL_WELL}) == [
        ("switch", "remote pressed"),
        ("switch", "remote let go"),
    ]


def test_a_single_channel_is_named() -> None:
    assert told({r.SWITCHES: v.ALL_WELL & ~v.REMOTE_LOOP_B}) == [("switch", "remote channel B open")]


def test_plugging_is_no_press() -> None:
    out = v.ALL_WELL & ~LOOPS & ~v.REMOTE_PLUGGED
    assert told({r.SWITCHES: out}, {r.SWITCHES: v.ALL_WELL}) == [
        ("switch", "remote unplugged"),
        ("switch", "remote plugged in"),
    ]


CLINICIAN = v.CLINICIAN_LOOP | v.CLINICIAN_LOOP_B


def test_clinician_and_power() -> None:
    assert told({r.SWITCHES: v.ALL_WELL & ~CLINICIAN}, {r.SWITCHES: v.ALL_WELL & ~v.POWER_GOOD}) == [
        ("switch", "clinician stop pressed"),
        ("switch", "clinician stop reset"),
        ("switch", "power lost"),
    ]


@pytest.mark.parametrize(("bit", "name"), [(v.CLINICIAN_LOOP, "A"), (v.CLINICIAN_LOOP_B, "B")])
def test_one_channel_of_the_clinicians_stop_is_told_by_name(bit: int, name: str) -> None:
    assert told({r.SWITCHES: v.ALL_WELL & ~bit}, {r.SWITCHES: v.ALL_WELL}) == [
        ("switch", f"clinician stop channel {name} open"),
        ("switch", f"clinician stop channel {name} closed"),
    ]


def test_an_alarm_says_its_text_and_its_end() -> None:
    events = Narrator().hear(block({}, {r.ALARMS: A4.bit}, {r.ALARMS: 0}))
    assert [e["text"] for e in events] == [A4.text, f"{A4.text} (over)"]
    assert events[0]["data"] == {"id": "A4", "priority": "medium", "on": True, "force_n": 123.4}
    assert [e["t"] for e in events] == [0.005, 0.010]


def test_an_unknown_force_is_none_in_an_alarm() -> None:
    events = Narrator().hear(block({}, {r.ALARMS: A1.bit, r.MEASURED: np.nan}))
    assert events[0]["data"]["force_n"] is None


def test_a_stop_is_told_in_the_order_of_cause_and_effect() -> None:
    change = {
        r.SWITCHES: v.ALL_WELL & ~LOOPS,
        r.ALARMS: A1.bit,
        r.CAUSE: v.PATIENT_STOP,
        r.PHASE: v.PATIENT_RELEASE,
    }
    assert told({r.PHASE: v.HOLD}, change) == [
        ("phase", "hold"),
        ("switch", "remote pressed"),
        ("alarm", A1.text),
        ("note", "ending: patient stop"),
        ("phase", "patient release"),
    ]


def test_a_reduction_is_told_and_a_fresh_limit_is_not() -> None:
    assert told({r.LIMIT: 200.0}) == [("operator", "reduced to 200 N")]
    assert told({r.LIMIT: 500.0}) == []


def test_how_rows_are_cut_changes_nothing() -> None:
    rows = block({}, {r.PHASE: v.RISE}, {r.ALARMS: A4.bit}, {}, {r.PHASE: v.HOLD}, {r.ALARMS: 0}, {r.LIMIT: 99.0})
    at_once = Narrator().hear(rows)
    narrator = Narrator()
    assert [e for n in range(len(rows)) for e in narrator.hear(rows[n : n + 1])] == at_once
    assert len(at_once) == 5
