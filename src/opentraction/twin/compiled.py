"""The same kernels, compiled.

`register_jitable` lets Numba compile functions that stay plain Python for everyone else, so guard and control need not
know of it. Numba's disk cache watches only the outermost file; ours lives in a folder named after a hash of every
kernel's source, so stale machine code can never run.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from opentraction.body.compiling import cache_root, hashed, kept

KERNEL_MODULES = (
    "opentraction.body.estimate",
    "opentraction.body.harness",
    "opentraction.body.spine",
    "opentraction.control.events",
    "opentraction.control.force_law",
    "opentraction.control.reference",
    "opentraction.control.step",
    "opentraction.control.stiffness",
    "opentraction.control.watch",
    "opentraction.guard.let_out",
    "opentraction.guard.step",
    "opentraction.guard.supervise",
    "opentraction.prescription.release",
    "opentraction.prescription.waveform",
    "opentraction.session.alarms",
    "opentraction.session.tick",
    "opentraction.table.two_words",
    "opentraction.table.virtual.cable",
    "opentraction.table.virtual.carriage",
    "opentraction.table.virtual.drive",
    "opentraction.table.virtual.hardware",
    "opentraction.table.virtual.load_cell",
    "opentraction.twin.plant",
    "opentraction.twin.lockstep",
)
DATA_MODULES = (
    "opentraction.quantities.vocabulary",
    "opentraction.control.transitions",
    "opentraction.control.types",
    "opentraction.table.port",
    "opentraction.twin.compiled",
)


def cache_folder() -> Path:
    """Where compiled code is kept: under the user's cache, named after the sources' hash."""
    return cache_root() / source_hash()[:16]


@functools.cache
def source_hash() -> str:
    """SHA-256 over every kernel's source text, in order."""
    files = (importlib.import_module(name).__file__ for name in (*KERNEL_MODULES, *DATA_MODULES))
    return hashed(Path(file) for file in files if file is not None)


@functools.cache
def compiled_run() -> Callable[..., Any]:
    """`lockstep.run_ticks`, compiled; the first call in a fresh cache takes some seconds."""
    from numba.extending import register_jitable

    lockstep = importlib.import_module("opentraction.twin.lockstep")
    for name in KERNEL_MODULES:
        for function in _functions(importlib.import_module(name)):
            if function is not lockstep.run_ticks:
                register_jitable(forceinline=True)(function)
    made: Callable[..., Any] = kept(lockstep.run_ticks, cache_folder())
    return made


def _functions(module: ModuleType) -> list[FunctionType]:
    """Functions a module defines itself."""
    found = [value for value in vars(module).values() if isinstance(value, FunctionType)]
    return [function for function in found if function.__module__ == module.__name__]
