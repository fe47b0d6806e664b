"""`loop.run_faulted`, compiled, and kept on disk under a name that changes with the source of every kernel."""

from __future__ import annotations

import functools
import hashlib
import importlib
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from opentraction.body.compiling import kept
from opentraction.twin.campaign import loop
from opentraction.twin.compiled import cache_folder, compiled_run, source_hash


@functools.cache
def compiled_faulted() -> Callable[..., Any]:
    """The loop as machine code; the first call in a fresh cache takes some seconds."""
    from numba.extending import register_jitable

    compiled_run()  # makes the kernels of control, guard, table and body ready to be called
    for value in vars(loop).values():
        own = isinstance(value, FunctionType) and value.__module__ == loop.__name__
        if own and value not in {loop.run_faulted, loop.fresh_machine}:
            register_jitable(forceinline=True)(value)
    made: Callable[..., Any] = kept(loop.run_faulted, cache_folder() / played_hash()[:16])
    return made


@functools.cache
def played_hash() -> str:
    """SHA-256 over all that decides how a run goes: the kernels, and this room."""
    here = Path(str(importlib.import_module(__name__).__file__)).parent
    rooms = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    return hashlib.sha256(source_hash().encode() + rooms).hexdigest()
