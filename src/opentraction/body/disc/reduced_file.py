"""A reduced disc as one file: arrays, what they were derived from, and a hash of both. Anything else is refused."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.reduced import Reduced
from opentraction.body.disc.reduced_kernel import Outside, Points
from opentraction.quantities import BadInput

FORMAT: Final = "opentraction reduced disc"
VERSION: Final = 2
SHORT: Final = ("shape", "value", "slope")
"""Kept to seven digits: most of the file, and no less exact than the points."""
Arrays = dict[str, npt.NDArray[Any]]


def save(disc: Reduced, path: Path) -> None:
    """Writes it as .npz."""
    arrays: dict[str, Any] = {f"points_{name}": np.asarray(one) for name, one in disc.points._asdict().items()}
    arrays |= {f"outside_{name}": np.asarray(one) for name, one in disc.outside._asdict().items()}
    for name in SHORT:
        arrays[f"points_{name}"] = arrays[f"points_{name}"].astype(np.float32)
    told = json.dumps({**disc.told, "format": FORMAT, "version": VERSION}, sort_keys=True)
    with path.open("wb") as file:
        np.savez_compressed(file, told=np.array(told), seal=np.array(_seal(told, arrays)), **arrays)


def load(path: Path) -> Reduced:
    """Reads it back. Raises BadInput for a file that is damaged, foreign or of another version."""
    name = path.name
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {key: np.asarray(kept[key]) for key in kept.files}
        text, seal = str(arrays.pop("told")), str(arrays.pop("seal"))
        told = json.loads(text)
    except (OSError, ValueError, KeyError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise BadInput("file", name, "a reduced disc as `save` writes it, whole") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise BadInput("file", name, "a reduced disc as `save` writes it")
    if told.get("version") != VERSION:
        raise BadInput("file", f"version {told.get('version')}", f"version {VERSION}; derive it anew")
    if seal != _seal(text, arrays):
        raise BadInput("file", name, "a reduced disc that nothing has changed since it was written")
    return _built(told, arrays)


def _built(told: dict[str, Any], arrays: Arrays) -> Reduced:
    parts: dict[str, Any] = {
        name: one.astype(np.float64) if one.ndim else float(one)
        for name, one in ((name, np.ascontiguousarray(one) if one.ndim else one) for name, one in arrays.items())
    }
    points = Points(**{name: parts[f"points_{name}"] for name in Points._fields})
    outside = Outside(**{name: parts[f"outside_{name}"] for name in Outside._fields})
    low, high = told["forces"]
    return Reduced(points, outside, (float(low), float(high)), told)


def _seal(told: str, arrays: Arrays) -> str:
    """SHA-256 of everything that is kept."""
    digest = hashlib.sha256(told.encode())
    for name in sorted(arrays):
        one = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {one.dtype.str} {one.shape}".encode())
        digest.update(one.tobytes())
    return digest.hexdigest()


@cache
def ready(tissues: str = "healthy") -> Reduced:
    """The reduced disc that comes with the project. Raises BadInput where there is none of these tissues."""
    place = files("opentraction.body.disc").joinpath(f"reduced_{tissues}.npz")
    if not tissues.isidentifier() or not place.is_file():
        raise BadInput("tissues", tissues, "healthy; others are derived with scripts/reduced_disc.py")
    with as_file(place) as path:
        return load(path)
