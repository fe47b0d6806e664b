"""The kernels in C, compiled by gcc and called like `lockstep.run_ticks`."""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import subprocess
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _c_source import faulted_source, session_source

from opentraction.session.tick import TickSettings, TickState
from opentraction.twin import lockstep
from opentraction.twin.campaign import loop
from opentraction.twin.plant import Plant, PlantParameters

BUILD = Path(__file__).parent.parent / "build" / "c"
EXACT = ("-O3", "-march=native", "-ffp-contract=off")
FUSED = ("-O3", "-march=native")
POINTER = ctypes.POINTER(ctypes.c_double)
_SCALARS = {float: ctypes.c_double, int: ctypes.c_int64, bool: ctypes.c_bool}
_STRUCTS: dict[type, type[ctypes.Structure]] = {}


def available() -> bool:
    """Whether gcc is here."""
    return shutil.which("gcc") is not None


def library(text: str, flags: tuple[str, ...]) -> ctypes.CDLL:
    """This C compiled with these flags; compiled again only when text or flags change."""
    BUILD.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256((text + " ".join(flags)).encode()).hexdigest()[:16]
    made = BUILD / f"{name}.so"
    if not made.is_file():
        source = BUILD / f"{name}.c"
        source.write_text(text, "utf-8")
        subprocess.run(["gcc", *flags, "-shared", "-fPIC", "-o", str(made), str(source), "-lm"], check=True)
    return ctypes.CDLL(str(made))


def c_run(flags: tuple[str, ...] = EXACT) -> Callable[..., Any]:
    """A function with the arguments and results of `lockstep.run_ticks`."""
    session = library(session_source(lockstep), flags).session

    def run(*arguments: Any) -> tuple[Any, Any]:
        first, world, segments, settings, parameters, state, plant, rows, steps = arguments
        after, body = to_c(state, TickState), to_c(plant, Plant)
        session(
            ctypes.c_int64(first),
            *_matrix(world),
            *_matrix(segments),
            ctypes.byref(to_c(settings, TickSettings)),
            ctypes.byref(to_c(parameters, PlantParameters)),
            ctypes.byref(after),
            ctypes.byref(body),
            rows.ctypes.data_as(POINTER),
            ctypes.c_int64(rows.shape[1]),
            ctypes.c_int64(steps),
        )
        return from_c(after, TickState), from_c(body, Plant)

    return run


def c_faulted(flags: tuple[str, ...] = EXACT) -> Callable[..., Any]:
    """A function with the arguments and results of the campaign's `loop.run_faulted`."""
    faulted = library(faulted_source(loop), flags).faulted

    def run(*arguments: Any) -> loop.Played:
        world, hands, begins, script, segments, settings, parameters, machine, rows, told, steps = arguments
        out = struct(loop.Played)()
        faulted(
            *_matrix(world),
            *_matrix(hands),
            ctypes.byref(to_c(begins, loop.Onset)),
            ctypes.byref(to_c(script, loop.Script)),
            *_matrix(segments),
            ctypes.byref(to_c(settings, TickSettings)),
            ctypes.byref(to_c(parameters, PlantParameters)),
            ctypes.byref(to_c(machine, loop.Machine)),
            *_matrix(rows),
            *_matrix(told),
            ctypes.c_int64(steps),
            ctypes.byref(out),
        )
        return loop.Played(out.ticks, out.onset)

    return run


def _matrix(values: Any) -> tuple[Any, ...]:
    return values.ctypes.data_as(POINTER), ctypes.c_int64(values.shape[0]), ctypes.c_int64(values.shape[1])


def struct(kind: Any) -> type[ctypes.Structure]:
    """The ctypes structure of a NamedTuple."""
    if kind not in _STRUCTS:
        hints = typing.get_type_hints(kind)
        fields = [(name, _SCALARS.get(hints[name]) or struct(hints[name])) for name in kind._fields]
        _STRUCTS[kind] = type(kind.__name__, (ctypes.Structure,), {"_fields_": fields})
    return _STRUCTS[kind]


def to_c(value: Any, kind: Any) -> ctypes.Structure:
    """A NamedTuple as its structure."""
    hints = typing.get_type_hints(kind)
    parts = [to_c(v, hints[n]) if hasattr(v, "_fields") else v for n, v in zip(kind._fields, value, strict=True)]
    return struct(kind)(*parts)


def from_c(value: ctypes.Structure, kind: Any) -> Any:
    """And back."""
    hints = typing.get_type_hints(kind)
    parts = [getattr(value, name) for name in kind._fields]
    return kind(
        *(from_c(p, hints[n]) if hasattr(hints[n], "_fields") else p for n, p in zip(kind._fields, parts, strict=True))
    )
