"""A fit as a file: what is told of a person, and the draws from which a next session is predicted."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

import numpy as np

from opentraction.quantities import BadInput
from opentraction.quantities.toml_file import read_text
from opentraction.twin.own.fit import Fit, Used
from opentraction.twin.own.prior import Known, parameter
from opentraction.twin.own.told import TOLD

SCHEMA: Final = "opentraction own twin, 1"
_PARTS = {"schema", "known", "names", "likeliest", "draws", "scale", "breathing", "sessions"}
BAND: Final = (5.0, 50.0, 95.0)


def document(fit: Fit) -> dict[str, Any]:
    """Everything, ready for JSON; `parameters` in the unit named, the rest in SI."""
    told = fit.told()
    return {
        "schema": SCHEMA,
        "modelled": "Modelled from recorded force and travel; never measured in the body.",
        "known": {"mass_kg": fit.known.mass, "split": fit.known.split, "angle_rad": fit.known.angle},
        "parameters": {one.key: {"what": one.words, "unit": one.unit, **bands(told[one.key])} for one in TOLD},
        "breathing": {"force_n": fit.breathing[0], "rate_hz": fit.breathing[1]},
        "sessions": [_session(one) for one in fit.sessions],
        "scale": fit.scale,
        "names": list(fit.names),
        "likeliest": [round(float(z), 5) for z in fit.likeliest],
        "draws": [[round(float(z), 5) for z in row] for row in fit.draws],
    }


def bands(values: np.ndarray) -> dict[str, float]:
    """Median, 5th and 95th percentile."""
    low, middle, high = (float(one) for one in np.percentile(values, BAND))
    return {"median": middle, "p5": low, "p95": high}


def _session(one: Used) -> dict[str, Any]:
    return {
        "name": one.name,
        "pulled_s": one.pulled,
        "steps": [{"t_s": at, "length_m": size} for at, size in one.steps],
        "startled": one.startled,
        "left_m": one.left,
        "remarks": list(one.remarks),
    }


def read_fit(path: Path) -> Fit:
    """Read what `document` wrote. Raises BadInput."""
    try:
        raw = json.loads(read_text(path))
    except ValueError:
        raise BadInput("fit", "no JSON", "a file that opentraction twin fit wrote", str(path)) from None
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA or not raw.keys() >= _PARTS:
        raise BadInput("fit", "not one", "a file that opentraction twin fit wrote", str(path))
    try:
        return _fit(raw)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise BadInput("fit", "damaged", "a file as opentraction twin fit wrote it", str(path)) from None


def _fit(raw: dict[str, Any]) -> Fit:
    known = Known(_number(raw["known"]["mass_kg"]), bool(raw["known"]["split"]), _number(raw["known"]["angle_rad"]))
    names = tuple(str(name) for name in raw["names"])
    for name in names:
        parameter(name)
    if names != known.names:
        raise ValueError("other parameters")
    likeliest, draws = np.array(raw["likeliest"], dtype=float), np.array(raw["draws"], dtype=float)
    if likeliest.shape != (len(names),) or draws.ndim != 2 or draws.shape[1] != len(names) or not len(draws):
        raise ValueError("draws of another shape")
    if not (np.isfinite(draws).all() and np.abs(draws).max() < 20.0):
        raise ValueError("draws beyond any person")
    breathing = (_number(raw["breathing"]["force_n"]), _number(raw["breathing"]["rate_hz"]))
    return Fit(known, names, likeliest, draws, _number(raw["scale"]), breathing, tuple(map(_used, raw["sessions"])))


def _used(raw: dict[str, Any]) -> Used:
    steps = tuple((_number(one["t_s"]), _number(one["length_m"])) for one in raw["steps"])
    remarks = tuple(str(one) for one in raw["remarks"])
    return Used(
        str(raw["name"]), _number(raw["pulled_s"]), steps, int(raw["startled"]), _number(raw["left_m"]), remarks
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("not a number")
    return float(value)
