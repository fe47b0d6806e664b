"""A fit as a file: what is told of a person, and the draws from which a next session is predicted."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

import numpy as np

from opentraction.quantities import BadInput, State, quantity
from opentraction.twin.own.band import band
from opentraction.twin.own.fit import FARTHEST_Z, MOST_SCALE, Fit, Used
from opentraction.twin.own.prior import Known
from opentraction.twin.own.told import TOLD

SCHEMA: Final = "opentraction own twin, 1"
_PARTS = {"schema", "known", "names", "likeliest", "draws", "scale", "breathing", "sessions"}
WROTE: Final = "a file that opentraction twin fit wrote"
LARGEST: Final = 16 << 20
"""Bytes of a fit; two thousand draws take about one million."""
FARTHEST_DRAW: Final = 10.0
"""Draws lie around the likeliest, which a fit lets go to `FARTHEST_Z`."""
BREATHS, RATES = (0.0, 200.0), (0.0, 1.0)
"""What breathing comes to in anybody: force [N] and rate [Hz]."""


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
    low, middle, high = (float(one) for one in band(values))
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
    raw = _parsed(path)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA or not raw.keys() >= _PARTS:
        raise BadInput("file", State("no fit"), WROTE, str(path))
    try:
        return _fit(raw)
    except BadInput as refusal:
        raise refusal.within(str(path)) from None
    except (KeyError, TypeError, ValueError, OverflowError):
        raise BadInput("file", State("damaged"), f"{WROTE}, unchanged", str(path)) from None


def _parsed(path: Path) -> Any:
    """The JSON of a file. Raises BadInput."""
    if not path.is_file():
        what = "a folder" if path.is_dir() else "no ordinary file" if path.exists() else "not there"
        raise BadInput("file", State(what), WROTE, str(path))
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput("file", State("too long"), f"{WROTE}, at most {LARGEST >> 20} MiB", str(path))
        return json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise BadInput("file", State(f"not readable ({problem.strerror})"), WROTE, str(path)) from None
    except BadInput:
        raise
    except (ValueError, RecursionError):
        raise BadInput("file", State("not JSON"), WROTE, str(path)) from None


def _fit(raw: dict[str, Any]) -> Fit:
    known = _known(raw["known"])
    names = tuple(str(name) for name in raw["names"])
    if names != known.names:
        raise BadInput("names", State("of another version"), "what this version fits: fit the recordings again")
    likeliest, draws = np.array(raw["likeliest"], dtype=float), np.array(raw["draws"], dtype=float)
    if likeliest.shape != (len(names),) or draws.ndim != 2 or draws.shape[1] != len(names) or not len(draws):
        raise ValueError("draws of another shape")
    _check_persons("likeliest", likeliest, FARTHEST_Z)
    _check_persons("draws", draws, FARTHEST_DRAW)
    breath = raw["breathing"]
    breathing = (
        _within("breathing.force_n", breath["force_n"], *BREATHS),
        _within("breathing.rate_hz", breath["rate_hz"], *RATES),
    )
    scale = _within("scale", raw["scale"], 1.0, MOST_SCALE)
    return Fit(known, names, likeliest, draws, scale, breathing, tuple(map(_used, raw["sessions"])))


def _known(raw: dict[str, Any]) -> Known:
    if not isinstance(raw["split"], bool):
        raise BadInput("known.split", raw["split"], "true or false")
    mass, angle = quantity("body_mass").bounds, quantity("angle").bounds
    return Known(
        _within("known.mass_kg", raw["mass_kg"], mass.low, mass.high),
        raw["split"],
        _within("known.angle_rad", raw["angle_rad"], angle.low, angle.high),
    )


def _check_persons(where: str, z: np.ndarray, farthest: float) -> None:
    """Raises BadInput for what is farther from everybody than a fit goes."""
    most = float(np.abs(z).max()) if np.isfinite(z).all() else math.nan
    if not most <= farthest:
        allowed = f"persons within {farthest:g} standard deviations of everybody"
        raise BadInput(where, State("beyond any person"), allowed)


def _within(where: str, value: object, low: float, high: float) -> float:
    number = _number(value)
    if not low <= number <= high:
        raise BadInput(where, value, f"{low:.4g} to {high:.4g}")
    return number


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
