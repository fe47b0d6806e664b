"""Kernels compiled, and kept on disk under a name that changes with any of their sources.

Numba watches only the file of the outermost function; what it calls is compiled into it and could be stale.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

log = logging.getLogger(__name__)
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
    return kept(function, cache_root() / hashed(sorted(package.glob("*.py")))[:16], nogil=True)


def kept(function: Kernel, folder: Path, nogil: bool = False) -> Kernel:
    """Compiled, and kept in `folder`; where that cannot be written, compiled anew each time. Where Numba is told not to
    compile at all (NUMBA_DISABLE_JIT), the function as it is.
    """
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):  # else Numba would look for another place, beside the sources
            numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
            made: Any = numba.njit(cache=True, error_model="numpy", nogil=nogil)(function)
    except OSError:
        return cast("Kernel", numba.njit(error_model="numpy", nogil=nogil)(function))
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]
    made._cache = _Forgiving(made._cache)
    return cast("Kernel", made)


def will_compile(function: Callable[..., Any]) -> bool:
    """Whether the first call of what `kept` made will compile it, which takes a while."""
    if not hasattr(function, "signatures"):
        return False
    cache = getattr(function, "_cache", None)
    path = getattr(cache, "cache_path", None)
    name = getattr(function, "__name__", "")
    return not function.signatures and not (path and any(Path(path).glob(f"*{name}-*.nbc")))


class _Forgiving:
    """Numba's cache, but a disk that is full or cannot be read is said, and the work goes on."""

    def __init__(self, cache: Any) -> None:
        self._of = cache

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)

    def load_overload(self, *what: Any) -> Any:
        """What is kept, None where nothing can be read."""
        try:
            return self._of.load_overload(*what)
        except OSError as error:
            self._say("read", error)
            return None

    def save_overload(self, *what: Any) -> None:
        """Keep it, where that can be."""
        try:
            self._of.save_overload(*what)
        except OSError as error:
            self._say("kept", error)

    def _say(self, done: str, error: OSError) -> None:
        log.warning("compiled code cannot be %s in %s: %s", done, self._of.cache_path, error.strerror or error)
