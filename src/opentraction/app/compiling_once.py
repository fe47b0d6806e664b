"""One line for who waits at a terminal while a model is compiled for the first time on a machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from opentraction.body.compiling import will_compile


def say_if_compiling(kernel: Callable[..., Any]) -> None:
    """Say on standard error that the first call of `kernel` will compile it; silent where nobody reads along."""
    if sys.stderr.isatty() and will_compile(kernel):
        print("Compiling the model, once: about half a minute ...", file=sys.stderr, flush=True)
