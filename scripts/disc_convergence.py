"""March discs of many meshes and accuracies through a day and a session; keep what came out in disc.json.

    python scripts/disc_convergence.py mesh 1 2 4 8     # every cell of the coarsest mesh cut so many times
    python scripts/disc_convergence.py worn 1 2 4 8     # the same of the degenerate disc
    python scripts/disc_convergence.py time 1e-2 1e-3   # errors allowed in a step, on the mesh cut twice
    python scripts/disc_convergence.py lives            # both tissue sets on the usual mesh, with their curves
    python scripts/disc_convergence.py exact            # against exact solutions, as the tests set them up

What is already kept of the same name is replaced. `scripts/disc_page.py` writes the page from it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from opentraction.body.disc.disc import TISSUES, Cells, Disc, Readings
from opentraction.body.disc.points import Point
from opentraction.body.disc.stepping import Accuracy, March

KEPT = Path(__file__).parents[1] / "docs" / "researcher" / "disc.json"
HOUR, RISE = 3600.0, 5.0
LYING, STANDING, PULLED = -120.0, -600.0, 180.0
REST, DAY, UP, SESSION = 48.0 * HOUR, 24.0 * HOUR, 16.0 * HOUR, 2700.0
COARSEST = Cells(5, 4, 4, 2)
USUAL, TIMED = 1e-3, 2


def course(*changes: tuple[float, float]) -> Callable[[float], float]:
    """Lying at first; each (time [s], force [N]) is reached within seconds."""
    times = np.array([(t, t + RISE) for t, _ in changes]).ravel()
    forces = np.array([LYING, *np.repeat([force for _, force in changes], 2)[:-1]])
    return lambda t: float(np.interp(t, times, forces))


def lived(tissues: str, cells: Cells, relative: float) -> dict[str, Any]:
    """Rested for two days, then a session of pull, and from the same rest a day and a night."""
    disc, begun = Disc(tissues, cells), time.perf_counter()
    accuracy = Accuracy(relative=relative, smallest=0.1)
    march = disc.under(lambda _t: LYING, accuracy)
    rested = march.run(march.start(mu=disc.porous.thirst()), REST)
    pull = disc.under(course((REST, PULLED)), accuracy)
    marks = {"pulled": RISE, "after 45 min": SESSION}
    session = followed(disc, pull, rested, marks)
    up = disc.under(course((REST, STANDING), (REST + UP, LYING)), accuracy)
    marks = {"up": RISE, "evening": UP, "down": UP + RISE, "morning": DAY}
    day = followed(disc, up, rested, marks)
    works = (march.work, pull.work, up.work)
    return {
        "tissues": tissues,
        "unknowns": int(sum(disc.shapes.sizes)),
        "relative": relative,
        "steps": [work.steps for work in works],
        "seconds": round(time.perf_counter() - begun, 1),
        "moments": {"rested": told(disc.read(rested)), **session.pop("moments"), **day.pop("moments")},
        "curves": {"session": session, "day": day},
    }


def followed(disc: Disc, march: March, start: Point, marks: dict[str, float]) -> dict[str, Any]:
    """Readings at marks [s] after the start, and height [mm] and pressure [kPa] over time [s] on the way."""
    points, moments, point = [start], {}, start
    for name, after in marks.items():
        point = march.run(point, start.t + after, each=points.append)
        moments[name] = told(disc.read(point))
    seen = [disc.read(one) for one in points]
    return {
        "moments": moments,
        "time": [round(one.time - start.t, 1) for one in seen],
        "height": [round(1e3 * one.height, 4) for one in seen],
        "pressure": [round(1e-3 * one.pressure, 2) for one in seen],
    }


def told(r: Readings) -> dict[str, float]:
    """In the units of the page."""
    return {
        "height [mm]": round(1e3 * r.height, 7),
        "pressure [kPa]": round(1e-3 * r.pressure, 5),
        "bulge [mm]": round(1e3 * r.bulge, 7),
        "water [mm3]": round(1e9 * r.water, 5),
    }


def exact() -> dict[str, dict[str, Any]]:
    """Largest errors after T = 0.01, in % of what is reached or stepped to, and of the peaks [%]."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.numerics import poroelastic_ground as ground
    from tests.numerics import poroelastic_series as series

    def worst(seen: np.ndarray, wanted: np.ndarray, times: np.ndarray) -> float:
        late = times >= 0.01
        return round(100.0 * float(np.abs(seen - wanted)[late].max() / np.abs(wanted).max()), 3)

    found, length = {}, ground.LENGTH
    porous, held = ground.column(24, 0.2)
    run = ground.marched(porous, held, 0.2, 1.0)
    top = held.plates[0].dofs[0]
    settled = run.of(lambda point: -point.u[top]) / (ground.PUSH * length / ground.aggregate(0.2))
    found["Terzaghi, settlement"] = {"error": worst(settled, series.terzaghi_settlement(run.times), run.times)}
    for nu in (0.1, 0.2):
        porous, held, shapes = ground.cylinder(16, nu, 1e-5)
        run = ground.marched(porous, held, nu, 0.6)
        side = ground.dofs(shapes.displacement, ground.at(0, length), "u^1")
        plate = held.plates[0].dofs
        moved, force = series.unconfined(run.times, nu)
        bulged = run.of(lambda point, side=side: point.u[side].mean()) / (1e-5 * length)
        pressed = run.of(lambda point, plate=plate: -point.balance.forces[plate].sum())
        pressed = pressed / (ground.YOUNG * 1e-5 * np.pi * length**2)
        found[f"unconfined step, nu {nu}, side"] = {"error": worst(bulged, moved, run.times)}
        found[f"unconfined step, nu {nu}, force"] = {"error": worst(pressed, force, run.times)}
    for nu, peak in ((0.0, 1.1555), (0.2, 1.1069)):
        porous, held, shapes = ground.strip(24, nu)
        run = ground.marched(porous, held, nu, 0.6)
        middle = ground.dofs(shapes.pressure, ground.at(0, 0.0))
        seen = run.of(lambda point, middle=middle: point.mu[middle].mean()) / (0.5 * ground.PUSH)
        error = worst(seen, series.mandel_pressure(run.times, nu), run.times)
        found[f"Mandel, nu {nu}, pressure"] = {
            "error": error,
            "peak": round(100.0 * abs(float(seen.max()) / peak - 1), 3),
        }
    for nu, peak in ((0.0, 1.5754), (0.2, 1.3642)):
        porous, held, shapes = ground.sphere(5, nu)
        run = ground.marched(porous, held, nu, 0.3)
        centre = int(np.argmin(np.hypot(*shapes.pressure.doflocs)))
        seen = run.of(lambda point, centre=centre: point.mu[centre]) / ground.PUSH
        error = worst(seen, series.cryer_pressure(run.times, nu), run.times)
        found[f"Cryer, nu {nu}, pressure"] = {
            "error": error,
            "peak": round(100.0 * abs(float(seen.max()) / peak - 1), 3),
        }
    return found


def keep(kind: str, name: str, found: dict[str, Any]) -> None:
    """In its place in the file."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    kept.setdefault(kind, {})[name] = found
    KEPT.write_text(lines(kept), "utf-8")
    print(kind, name, {key: value for key, value in found.items() if key not in ("moments", "curves")}, flush=True)


def lines(kept: dict[str, dict[str, Any]]) -> str:
    """A run a line, so that a change shows which."""
    kinds = (
        f"{json.dumps(kind)}: {{\n"
        + ",\n".join(f" {json.dumps(name)}: {json.dumps(run)}" for name, run in runs.items())
        for kind, runs in kept.items()
    )
    return "{" + "\n},\n".join(kinds) + "\n}}\n"


def main(kind: str, names: list[str]) -> None:
    """One kind of run."""
    if kind == "exact":
        for name, found in exact().items():
            keep(kind, name, found)
        return
    if kind == "lives":
        for tissues in TISSUES:
            keep(kind, tissues, lived(tissues, Cells(), USUAL))
        return
    for name in names:
        tissues = "degenerate" if kind == "worn" else "healthy"
        cut, relative = (TIMED, float(name)) if kind == "time" else (int(name), USUAL)
        found = lived(tissues, COARSEST.finer(cut), relative)
        found.pop("curves")
        keep(kind, name, found)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
