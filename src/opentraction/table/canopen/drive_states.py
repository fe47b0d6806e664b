"""The states of a CiA 402 drive as a table of data: what a controlword leads to, what a statusword says.

After CiA 402-2 (IEC 61800-7-201), device control; the standard is not free, so its transitions were taken from the open
implementation in `canopen` (profiles/p402.py), which a test compares cell by cell. Both ends are to use this file: the
simulated drive obeys it, the bus master asks it for the next controlword.
"""

from __future__ import annotations

from typing import Final

NOT_READY: Final = 0
SWITCH_ON_DISABLED: Final = 1
READY_TO_SWITCH_ON: Final = 2
SWITCHED_ON: Final = 3
OPERATION_ENABLED: Final = 4
QUICK_STOP_ACTIVE: Final = 5
FAULT_REACTION_ACTIVE: Final = 6
FAULT: Final = 7
STATE_NAMES: Final = (
    "not ready to switch on",
    "switch on disabled",
    "ready to switch on",
    "switched on",
    "operation enabled",
    "quick stop active",
    "fault reaction active",
    "fault",
)

SHUTDOWN: Final = 0x06
SWITCH_ON: Final = 0x07
ENABLE_OPERATION: Final = 0x0F
QUICK_STOP: Final = 0x02
DISABLE_VOLTAGE: Final = 0x00
FAULT_RESET: Final = 0x80

_STATUS: Final = (
    (0x4F, 0x00),
    (0x4F, 0x40),
    (0x6F, 0x21),
    (0x6F, 0x23),
    (0x6F, 0x27),
    (0x6F, 0x07),
    (0x4F, 0x0F),
    (0x4F, 0x08),
)
"""Mask and value of a statusword, by state."""

_NEXT: Final = {
    (READY_TO_SWITCH_ON, DISABLE_VOLTAGE): SWITCH_ON_DISABLED,
    (OPERATION_ENABLED, DISABLE_VOLTAGE): SWITCH_ON_DISABLED,
    (SWITCHED_ON, DISABLE_VOLTAGE): SWITCH_ON_DISABLED,
    (QUICK_STOP_ACTIVE, DISABLE_VOLTAGE): SWITCH_ON_DISABLED,
    (SWITCH_ON_DISABLED, SHUTDOWN): READY_TO_SWITCH_ON,
    (SWITCHED_ON, SHUTDOWN): READY_TO_SWITCH_ON,
    (OPERATION_ENABLED, SHUTDOWN): READY_TO_SWITCH_ON,
    (READY_TO_SWITCH_ON, SWITCH_ON): SWITCHED_ON,
    (OPERATION_ENABLED, SWITCH_ON): SWITCHED_ON,
    (SWITCHED_ON, ENABLE_OPERATION): OPERATION_ENABLED,
    (OPERATION_ENABLED, QUICK_STOP): QUICK_STOP_ACTIVE,
    (READY_TO_SWITCH_ON, QUICK_STOP): SWITCH_ON_DISABLED,
    (SWITCHED_ON, QUICK_STOP): SWITCH_ON_DISABLED,
    (FAULT, FAULT_RESET): SWITCH_ON_DISABLED,
}
"""(state, command) -> state. Out of a quick stop there is no way back into operation without starting anew: the option
that allows it (transition 16) is not given."""
_TOWARDS: Final = {
    SWITCH_ON_DISABLED: SHUTDOWN,
    READY_TO_SWITCH_ON: SWITCH_ON,
    SWITCHED_ON: ENABLE_OPERATION,
    OPERATION_ENABLED: ENABLE_OPERATION,
    QUICK_STOP_ACTIVE: DISABLE_VOLTAGE,
}


def command_of(controlword: int) -> int:
    """The command in a controlword, its other bits left out."""
    if not controlword & 0x02:
        return DISABLE_VOLTAGE
    if not controlword & 0x04:
        return QUICK_STOP
    if not controlword & 0x01:
        return SHUTDOWN
    return ENABLE_OPERATION if controlword & 0x08 else SWITCH_ON


def after(state: int, controlword: int, before: int) -> int:
    """The state after a controlword; `before` is the last one, as a fault is reset by an edge and never by a level."""
    if state == FAULT:
        edge = controlword & FAULT_RESET and not before & FAULT_RESET
        return _NEXT[FAULT, FAULT_RESET] if edge else FAULT
    return _NEXT.get((state, command_of(controlword)), state)


def statusword(state: int) -> int:
    """The state bits of a statusword; 0x20, quick stop not active, is set wherever it has a meaning."""
    value = _STATUS[state][1]
    return value | 0x20 if state in {NOT_READY, SWITCH_ON_DISABLED} else value


def state_of(status: int) -> int | None:
    """The state that a statusword tells; None for bits that tell none."""
    found = [state for state, (mask, value) in enumerate(_STATUS) if status & mask == value]
    return found[0] if len(found) == 1 else None


def towards_operation(state: int) -> int | None:
    """The controlword that brings a drive nearer to operation; None where only waiting or a person helps."""
    return _TOWARDS.get(state)
