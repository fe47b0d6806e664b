"""Nothing of this process leaves memory again: a page that has to come back from a disk can take a tenth of a second.

A system that tidies up takes what was not used for a while, program code too; the code of the next phase of a treatment
is just that. The control loop then waits for a disk, and the guard ends the pull for a loop that was late.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
from typing import Final

log = logging.getLogger(__name__)
MCL_CURRENT: Final = 1
MCL_FUTURE: Final = 2


def stay_in_memory() -> bool:
    """Lock what is there and what will come (mlockall(2)); False where the system does not grant it.

    Asked for only where there is no limit: with one, later memory would be refused instead of put out.
    """
    unlimited = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
    if not (unlimited or os.geteuid() == 0):
        return False
    system = ctypes.CDLL(None, use_errno=True)
    if system.mlockall(MCL_CURRENT | MCL_FUTURE) == 0:
        return True
    log.info("memory is not locked: %s", os.strerror(ctypes.get_errno()))
    return False
