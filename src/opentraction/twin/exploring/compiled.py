"""The walk, compiled together with control's own code."""

from __future__ import annotations

import functools
import hashlib
import importlib
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from opentraction.body.compiling import kept
from opentraction.twin.compiled import cache_folder, compiled_run

MODULES = ("state", "choices", "design", "tick", "laws", "walk", "rest")
OUTERMOST = ("expand", "insert", "restless")


@functools.cache
def compiled(module: str, name: str) -> Callable[..., Any]:
    """One of `OUTERMOST`, kept on disk under a name that changes with any of its sources."""
    _ready()
    text = b"".join((Path(__file__).parent / f"{one}.py").read_bytes() for one in MODULES)
    function = getattr(importlib.import_module(f"opentraction.twin.exploring.{module}"), name)
    folder = cache_folder() / hashlib.sha256(text).hexdigest()[:16]
    made: Callable[..., Any] = kept(function, folder, nogil=True)
    return made


@functools.cache
def _ready() -> None:
    """Make every kernel ready to be called."""
    from numba.extending import register_jitable

    compiled_run()
    for name in MODULES:
        module = importlib.import_module(f"opentraction.twin.exploring.{name}")
        for value in vars(module).values():
            if (
                isinstance(value, FunctionType)
                and value.__module__ == module.__name__
                and value.__name__ not in OUTERMOST
            ):
                register_jitable(forceinline=True)(value)
