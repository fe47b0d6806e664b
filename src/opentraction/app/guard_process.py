"""The guard's process: one look a cycle, as long as it lives. When it ends, its word ends, and nothing pulls."""

from __future__ import annotations

from pathlib import Path

from opentraction.app.bus_process import Asked, be_quick, check_address, plugged_in
from opentraction.app.guard_on_bus import GuardOnBus
from opentraction.app.late import Lateness
from opentraction.quantities.clock import MonotonicClock
from opentraction.table.canopen.hearing import CYCLE


def main(address: str, lateness: Path | None = None) -> int:
    """Run until told to end. Raises BadInput."""
    check_address(address)
    asked, clock = Asked(), MonotonicClock()
    line = plugged_in(address, asked)
    guard = GuardOnBus(line, clock)
    be_quick()
    due, late = clock.now(), Lateness(lateness)
    while not asked.to_end:
        due = guard.pace(due + CYCLE)
        guard.look()
        late.note(clock.now() - due)
    line.close()
    late.write()
    return 0
