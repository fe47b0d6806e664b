"""Kernels compiled, and kept on disk under a name that changes with any of their sources.

Numba watches only the file of the outermost function; what it calls is compiled into it and could be stale.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def cache_root() -> Path:
    """Where compiled code is kept: OPENTRACTION_CACHE, else the user's cache."""
    base = os.environ.get("OPENTRACTION_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "opentraction" / "kernels"


def hashed(sources: Iterable[Path]) -> str:
    """SHA-256 over the sources' text, in order."""
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def kernel(function: Kernel) -> Kernel:
    """Compiled when called from an outermost kernel or by itself; not kept."""
    return cast("Kernel", numba.njit(error_model="numpy", nogil=True)(function))


def inlined(function: Kernel) -> Kernel:
    """As `kernel`, written into whatever calls it."""
    return cast("Kernel", numba.njit(error_model="numpy", inline="always")(function))


def summing(function: Kernel) -> Kernel:
    """As `kernel`, but sums and products may be taken in another order, several at a time: equal to rounding."""
    freedom = {"reassoc", "contract"}
    return cast("Kernel", numba.njit(error_model="numpy", nogil=True, fastmath=freedom)(function))


def outermost(function: Kernel) -> Kernel:
    """Compiled, lets other threads run, and is kept under the hash of all sources of its package."""
    package = Path(function.__code__.co_filename).parent
    folder = cache_root() / hashed(sorted(package.glob("*.py")))[:16]
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
        return cast("Kernel", numba.njit(cache=True, error_model="numpy", nogil=True)(function))
    except OSError:  # a home that cannot be written to: compiled anew each time
        return kernel(function)
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]
