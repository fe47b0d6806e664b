"""What travel should have been, given the force that was recorded: the plant of the twin's loop without its inertia.

The chain is walked from the drum to the frame. Recorded force gives the stretch of cable and harness, so recorded
travel says where the pelvis was; friction follows from how the pelvis moved, and what is left pulls spine and thorax,
which say where it should have been. Breathing and coughs then stand in the difference, and not in friction's way.
Each law is that of `plant_step`, solved for stretch instead of force, with an implicit step of a fifth of a second.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from opentraction.body.compiling import kept
from opentraction.body.harness import harness_creep
from opentraction.body.spine import Creep, creep_step, total
from opentraction.table.virtual.cable import cable_creep
from opentraction.table.virtual.carriage import CarriageParameters
from opentraction.twin.compiled import cache_folder, compiled_run
from opentraction.twin.plant import LOAD_TIME, NONE, PlantParameters, body_compliance

FloatArray = npt.NDArray[np.float64]
TAUT = 3.0
"""Below so much force [N] the cable tells nothing of where the pelvis is."""


def stretch_under(force: float, k1: float, k2: float, damper: float, before: float) -> float:
    """Stretch [m] with k1 s + k2 s |s| + damper (s - before) = force; `damper` [N/m] is damping over the step."""
    pull = force + damper * before
    stiff = k1 + damper
    return math.copysign(2.0 * abs(pull) / (stiff + math.sqrt(stiff * stiff + 4.0 * k2 * abs(pull))), pull)


def rubbed(bristle: float, moved: float, dt: float, shaking: float, couch: CarriageParameters) -> float:
    """LuGre's bristle [m] after the pelvis `moved` [m] in `dt` [s], trembling at `shaking` [m/s]."""
    speed = moved / dt
    ratio = (speed * speed + shaking * shaking) / (couch.stribeck_speed * couch.stribeck_speed)
    most = (couch.coulomb + (couch.breakaway - couch.coulomb) / (1.0 + ratio)) / couch.bristle
    end = most if moved > 0.0 else -most
    return end + (bristle - end) * math.exp(-abs(moved) / most)


def march(
    t: FloatArray,
    force: FloatArray,
    travel: FloatArray,
    slipped: FloatArray,
    p: PlantParameters,
    tone: float,
    tone_tau: float,
    shaking: float,
    out: FloatArray,
) -> None:
    """Fill `out` [n, 4]: travel that should have been [m], give of the body [m/N], force at the spine [N], pelvis [m].

    `t` [s] evenly spaced since the recording began, `force` [N] at the cable, `travel` [m] of the drum, `slipped` [m]
    by which the harness slipped in a step.
    Guarding is `tone` [N] that wanes with `tone_tau` [s]; `shaking` [m/s] as in `rubbed`.
    """
    dt = t[1] - t[0]
    cable, harness, spine, thorax, couch = p.table.cable, p.body.harness, p.body.spine, p.body.thorax, p.table.carriage
    creep, chain, strap, belt = Creep(NONE, NONE), 0.0, 0.0, 0.0
    crept, relaxed, slip, load, bristle, pelvis = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    touched = False
    lain = tone * body_compliance(0.5 * tone, p)
    for n in range(t.shape[0]):
        f = force[n]
        asked = tone * math.exp(-t[n] / tone_tau)
        load += (f - asked - load) * (dt / LOAD_TIME)
        give = body_compliance(max(load + 0.5 * asked, 0.0), p)
        length = asked * give - lain
        taut = f > TAUT
        slip += slipped[n]
        pulled = stretch_under(max(f, 0.0), cable.k1, cable.k2, 0.0, 0.0)
        held = max(f, 0.0) + harness.maxwell * relaxed
        damper = harness.damping / dt
        belt = max(stretch_under(held, harness.k1 + harness.maxwell, harness.k2, damper, belt), 0.0)
        now = travel[n] - pulled - crept - belt - slip
        moved = now - pelvis if taut and touched else 0.0
        if taut and not touched:
            k = 1.0 / (1.0 / thorax.k1 + 1.0 / spine.k1) + couch.spring
            bristle = f * p.cosine / (couch.bristle + k)
            touched = True
        bristle = rubbed(bristle, moved, dt, shaking, couch)
        place = strap + chain + total(creep.fast) + total(creep.slow) - length
        on_spine = f * p.cosine - couch.bristle * bristle - couch.viscous * moved / dt - couch.spring * place
        strap = stretch_under(on_spine, thorax.k1, thorax.k2, thorax.damping / dt, strap)
        if on_spine >= 0.0:
            chain = stretch_under(on_spine, spine.k1, spine.k2, spine.damping / dt, chain)
            carried = chain * (spine.k1 + spine.k2 * chain)
        else:
            chain = stretch_under(on_spine, spine.compression, 0.0, spine.damping / dt, chain)
            carried = chain * spine.compression
        out[n, 0] = pulled + crept + belt + slip + strap + chain + total(creep.fast) + total(creep.slow) - length
        out[n, 1], out[n, 2], out[n, 3] = give, on_spine, now
        pelvis = now if taut else pelvis
        relaxed += (belt - relaxed) * (dt / harness.tau)
        crept = cable_creep(crept, pulled, cable, dt)
        slip = harness_creep(slip, max(f, 0.0), harness, dt)
        creep = creep_step(creep, carried, spine, dt)


@functools.cache
def compiled_march() -> Callable[..., Any]:
    """`march`, compiled and kept on disk under a name that changes with every kernel's source and this file's."""
    from numba.extending import register_jitable

    compiled_run()  # makes the kernels of body and table ready to be called
    own = importlib.import_module(__name__)
    for function in (own.stretch_under, own.rubbed):
        register_jitable(forceinline=True)(function)
    made: Callable[..., Any] = kept(
        own.march, cache_folder() / hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    )
    return made
