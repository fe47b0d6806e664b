"""The CiA 402 states, held against another implementation of them, and what our drive does not give."""

from __future__ import annotations

import pytest
from canopen.profiles.p402 import State402
from hypothesis import given
from hypothesis import strategies as st

from opentraction.table.canopen import drive_states as d

WORDS = st.integers(0, 0xFFFF)
STATES = st.sampled_from(range(len(d.STATE_NAMES)))
THEIRS = {name.upper(): state for state, name in enumerate(d.STATE_NAMES)}


@pytest.mark.parametrize("state", range(len(d.STATE_NAMES)), ids=d.STATE_NAMES)
def test_our_statusword_is_read_by_others_and_theirs_by_us(state: int) -> None:
    mask, value = State402.SW_MASK[d.STATE_NAMES[state].upper()]
    assert d.statusword(state) & mask == value
    assert d.state_of(value) == state
    assert d.state_of(d.statusword(state) | 0xFF80) == state  # voltage, warning, remote, limits: not ours to read here


def test_each_of_their_transitions_is_ours_but_the_one_we_do_not_give() -> None:
    """16, straight out of a quick stop into operation, and those that nobody commands (0, 1, 14)."""
    missing = set()
    for (begin, end), word in State402.TRANSITIONTABLE.items():
        if begin == "START" or begin in {"NOT READY TO SWITCH ON", "FAULT REACTION ACTIVE"}:
            continue
        if d.after(THEIRS[begin], word, 0) != THEIRS[end]:
            missing.add((begin, end))
    assert missing == {("QUICK STOP ACTIVE", "OPERATION ENABLED")}


def test_from_every_state_one_word_after_the_other_leads_into_operation() -> None:
    for begin in (d.SWITCH_ON_DISABLED, d.READY_TO_SWITCH_ON, d.SWITCHED_ON, d.QUICK_STOP_ACTIVE):
        state, before, words = begin, 0, 0
        while state != d.OPERATION_ENABLED:
            word = d.towards_operation(state)
            assert word is not None
            state, before, words = d.after(state, word, before), word, words + 1
            assert words <= 4
    assert d.towards_operation(d.FAULT) is None
    assert d.towards_operation(d.NOT_READY) is None


def test_a_fault_is_reset_by_an_edge_and_never_by_a_level() -> None:
    assert d.after(d.FAULT, d.FAULT_RESET, 0) == d.SWITCH_ON_DISABLED
    assert d.after(d.FAULT, d.FAULT_RESET, d.FAULT_RESET) == d.FAULT
    assert d.after(d.FAULT, d.ENABLE_OPERATION, 0) == d.FAULT


@given(STATES, WORDS, WORDS)
def test_only_switched_on_leads_into_operation(state: int, word: int, before: int) -> None:
    after = d.after(state, word, before)
    assert after in range(len(d.STATE_NAMES))
    if after == d.OPERATION_ENABLED:
        assert state in {d.SWITCHED_ON, d.OPERATION_ENABLED}
        assert state == d.OPERATION_ENABLED or d.command_of(word) == d.ENABLE_OPERATION


@given(STATES, WORDS, WORDS)
def test_a_word_without_voltage_never_leaves_torque(state: int, word: int, before: int) -> None:
    torque = {d.OPERATION_ENABLED, d.QUICK_STOP_ACTIVE}
    assert d.after(state, word & ~0x02, before) not in torque


@given(WORDS)
def test_a_statusword_tells_one_state_or_none(word: int) -> None:
    state = d.state_of(word)
    theirs = [name for name, (mask, value) in State402.SW_MASK.items() if word & mask == value]
    assert ([] if state is None else [d.STATE_NAMES[state].upper()]) == theirs
