"""A level of the spine: a disc with its ring, nucleus and water, ligaments and facets, between two rigid vertebrae.

Unknowns x of a level: up u [m], flexion, bending to the right, twist [rad]; volume of the annulus [-]; pressure of the
nucleus and of the annulus's water [Pa]. The bulges of the ring's eight sectors are solved for on the way.

One step is implicit: find x so that forces balance, the nucleus fills its room and both tissues hold the water they
have after `dt`. With dt = 0 no water moves: the answer to a sudden load.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from opentraction.body.column.pores import Pores, soak, wet
from opentraction.body.column.posterior import Facets, add_facets, add_ligaments
from opentraction.body.column.rims import add_rims
from opentraction.body.column.wall import Wall, fibre_angle, sector
from opentraction.body.compiling import kernel

UP, FLEX, BEND, TURN, SWELL, PRESSURE, ANNULUS = range(7)
SECTORS = 8
MEMORIES = 2
"""Relaxing branches of each motion."""
MOST_TURNS = 60


class Segment(NamedTuple):
    """Everything that is fixed of a level, SI units."""

    wall: Wall
    depth: float  # [m] half of it, front to back
    width: float  # [m] half of it, side to side
    ring: np.ndarray  # [sector, 7] see `ring_of`
    nucleus_shear: float  # [Pa]
    bands: np.ndarray  # ligaments, see posterior.py
    facets: Facets
    relaxing: np.ndarray  # [branch, motion] stiffness [N/m, N m/rad]
    times: np.ndarray  # [branch] [s]
    bulging: np.ndarray  # [branch] [N/m] of a sector's bulge
    firming: float  # [Pa] pressure that doubles it
    nucleus: Pores
    annulus: Pores
    floor: float  # [Pa] gauge: below it gas fills the nucleus
    gas: float  # [1/Pa] how readily
    give: float  # [1/Pa] how far the endplates bow, as a share of the nucleus
    wedge: float = 0.0  # [rad] by which it is taller in front


class State(NamedTuple):
    """What changes of the levels: one row each."""

    x: np.ndarray  # [level, 7]
    bulge: np.ndarray  # [level, sector] [m]
    memory: np.ndarray  # [level, branch, 4 + sector] motion and bulges that a branch has forgotten
    nucleus: np.ndarray  # [level, cell] volumes
    annulus: np.ndarray  # [level, cell]


def at_rest(levels: int, nucleus: int, annulus: int) -> State:
    """No load, no swelling yet."""
    x = np.zeros((levels, 7))
    x[:, SWELL] = 1.0
    return State(
        x,
        np.zeros((levels, SECTORS)),
        np.zeros((levels, MEMORIES, 4 + SECTORS)),
        np.ones((levels, nucleus)),
        np.ones((levels, annulus)),
    )


SINE, COSINE, FRONT, LEFT, FAR, INNER_FRONT, INNER_LEFT = range(7)
"""Columns of a ring: sine and cosine of the fibres, place of the wall's middle and its distance from the axis, place of
the nucleus beside it [m]."""
CLOSE = 1e-6
"""A Newton step this small, as strain, was the last: the next would be its square."""
PATIENCE, NEAR = 25, 3e-4
"""Where a level all but gives way, small steps go to and fro by rounding alone: after so many turns, one this small is
enough."""


def ring_of(w: Wall, depth: float, width: float) -> np.ndarray:
    """Where the sectors of an elliptic disc lie and how their fibres run."""
    around = 2.0 * np.pi * (np.arange(SECTORS) + 0.5) / SECTORS
    angle = np.array([fibre_angle(float(a), w) for a in around])
    front, left = np.cos(around) * depth, np.sin(around) * width
    middle, inner = 1.0 - 0.5 * w.thickness / w.radius, 2.0 / 3.0 * (1.0 - w.thickness / w.radius)
    far = middle * np.hypot(front, left)
    return np.stack([np.sin(angle), np.cos(angle), middle * front, middle * left, far, inner * front, inner * left], 1)


class Room(NamedTuple):
    """Arrays to reckon in, one set for a march."""

    g: np.ndarray
    h: np.ndarray
    rows: np.ndarray
    ends: np.ndarray
    pivots: np.ndarray
    local: np.ndarray
    lg: np.ndarray
    lh: np.ndarray
    lv: np.ndarray
    rest: np.ndarray
    turn: np.ndarray
    work: np.ndarray
    lean: np.ndarray
    slants: np.ndarray


@kernel
def make_room(cells: int) -> Room:
    """For levels whose tissues have at most so many cells."""
    return Room(
        np.empty(7), np.empty((7, 7)), np.empty((SECTORS, 7)), np.empty(SECTORS), np.empty(SECTORS), np.empty(5),
        np.empty(5), np.empty((5, 5)), np.empty(5), np.empty((2, cells)), np.empty((2, cells)), np.empty((8, cells)),
        np.empty(6), np.empty(SECTORS),
    )  # fmt: skip


@kernel
def step_level(
    s: Segment, force: float, moment: np.ndarray, dt: float, memory: np.ndarray, nucleus: np.ndarray,
    annulus: np.ndarray, x: np.ndarray, bulge: np.ndarray, wet_n: np.ndarray, wet_a: np.ndarray, r: Room,
) -> bool:  # fmt: skip
    """Bring a level to the end of an implicit step of `dt` [s]; False if it cannot be.

    `force` [N] pulls (positive) along the axis, `moment` [3] flexes, bends right and twists [N m]. `memory`, `nucleus`
    and `annulus` are the state at the start; `x`, `bulge`, `wet_n` and `wet_a` (volumes) first guess and answer.
    """
    g, h = r.g, r.h
    swelled = s.wall.volume
    even = moment[1] == 0.0 and moment[2] == 0.0 and x[BEND] == 0.0 and x[TURN] == 0.0
    for n in range(MEMORIES):
        even = even and memory[n, BEND] == 0.0 and memory[n, TURN] == 0.0
    for turn in range(MOST_TURNS):
        room = _mechanics(s, x, bulge, dt, memory, even, r)
        g[UP] -= force
        for i in range(3):
            g[FLEX + i] -= moment[i]
        filled, by = soak(nucleus, wet_n, x[PRESSURE], dt, s.nucleus, r.rest[0], r.turn[0], r.work)
        if x[PRESSURE] < s.floor:
            filled += s.gas * (s.floor - x[PRESSURE])
            by -= s.gas
        g[PRESSURE] = s.wall.nucleus * (filled - s.give * x[PRESSURE]) - room
        h[PRESSURE, PRESSURE] += s.wall.nucleus * (by - s.give)
        drunk, by = soak(annulus, wet_a, x[ANNULUS], dt, s.annulus, r.rest[1], r.turn[1], r.work)
        g[SWELL] -= swelled * x[ANNULUS]
        h[SWELL, ANNULUS] = -swelled
        h[ANNULUS, SWELL] = -swelled
        g[ANNULUS] = swelled * (drunk - x[SWELL])
        h[ANNULUS, ANNULUS] = swelled * by
        before_n, before_a = x[PRESSURE], x[ANNULUS]
        size, cut = _newton(x, bulge, s.wall.height, even, r)
        if not size < 1e9:
            return False
        more_n, more_a = (x[PRESSURE] - before_n) / cut, (x[ANNULUS] - before_a) / cut
        size = max(size, wet(wet_n, r.rest[0], r.turn[0], more_n, cut, s.nucleus))
        size = max(size, wet(wet_a, r.rest[1], r.turn[1], more_a, cut, s.annulus))
        if size < (CLOSE if turn < PATIENCE else NEAR):
            return True
    return False


@kernel
def _mechanics(
    s: Segment, x: np.ndarray, bulge: np.ndarray, dt: float, memory: np.ndarray, even: bool, r: Room
) -> float:
    """Room for the nucleus [m^3]; slope and curvature by x, with the bulges solved for; what gives them back.

    `even`: left and right are alike, so half the ring is reckoned and counts twice.
    """
    g, h, w = r.g, r.h, s.wall
    g[:] = 0.0
    h[:] = 0.0
    r.lean[:] = 0.0
    room = 0.0
    count = SECTORS // 2 if even else SECTORS
    for k in range(count):
        z = s.ring[k]
        tall = 1.0 / w.height
        r.local[0] = 1.0 + tall * (x[UP] - z[FRONT] * x[FLEX] + z[LEFT] * x[BEND])
        r.local[1] = bulge[k]
        r.local[2] = tall * z[FAR] * x[TURN]
        r.local[3] = x[SWELL]
        r.local[4] = w.height + x[UP] - z[INNER_FRONT] * x[FLEX] + z[INNER_LEFT] * x[BEND]
        room += sector(z[SINE], z[COSINE], 1.0 / SECTORS, r.local, x[PRESSURE], w, r.lg, r.lh, r.lv)
        _spread(z, tall, r.lg, r.lh, r.lv, g, h, r.rows[k])
        r.slants[k] = _remember(s, k, bulge[k], x[PRESSURE], dt, memory, r.lg, r.lh)
        for i in range(6):
            fall = r.rows[k, i] / r.lh[1, 1]
            g[i] -= fall * r.lg[1]
            r.lean[i] -= fall * r.slants[k]
            for j in range(i, 6):
                h[i, j] -= fall * r.rows[k, j]
        r.ends[k], r.pivots[k] = r.lg[1], r.lh[1, 1]
    if even:
        room *= 2.0
        g *= 2.0
        h *= 2.0
        for i in range(6):
            r.lean[i] *= 2.0
        r.lean[BEND] = r.lean[TURN] = 0.0
        for i in range(6):  # what leans left and right cancels
            for j in (BEND, TURN):
                if i != j:
                    h[i, j] = h[j, i] = 0.0
        g[BEND] = g[TURN] = 0.0
    for i in range(6):
        for j in range(i):
            h[i, j] = h[j, i]
    for i in range(6):  # a bulge's memory is firmer under pressure, but does not press back
        h[i, PRESSURE] += r.lean[i]
    _add_nucleus(s, x, g, h)
    add_ligaments(x, s.bands, g, h)
    add_facets(x, s.facets, g, h)
    add_rims(x, w.height, s.depth, s.width, s.wedge, g, h)
    for n in range(MEMORIES):
        loose = 1.0 + dt / s.times[n]
        for i in range(4):
            g[i] += s.relaxing[n, i] * (x[i] - memory[n, i]) / loose
            h[i, i] += s.relaxing[n, i] / loose
    return room


@kernel
def _remember(
    s: Segment, k: int, b: float, pressure: float, dt: float, memory: np.ndarray, lg: np.ndarray, lh: np.ndarray
) -> float:
    """Add what a sector's bulge still resists, and relaxes; how that grows with pressure."""
    taut = 1.0 + max(pressure, 0.0) / s.firming
    grows = 0.0
    for n in range(MEMORIES):
        stiff = s.bulging[n] / (1.0 + dt / s.times[n])
        off = b - memory[n, 4 + k]
        lg[1] += taut * stiff * off
        lh[1, 1] += taut * stiff
        grows += stiff * off / s.firming
    return grows if pressure > 0.0 else 0.0


@kernel
def _spread(
    z: np.ndarray, tall: float, lg: np.ndarray, lh: np.ndarray, lv: np.ndarray, g: np.ndarray, h: np.ndarray,
    row: np.ndarray,
) -> None:  # fmt: skip
    """Add a sector's local slope and curvature to those by x, upper half; `row` is its bulge's coupling to x."""
    along = (tall, -tall * z[FRONT], tall * z[LEFT])
    beside = (1.0, -z[INNER_FRONT], z[INNER_LEFT])
    twist = tall * z[FAR]
    for i in range(3):
        a, b = along[i], beside[i]
        g[i] += lg[0] * a + lg[4] * b
        row[i] = lh[0, 1] * a + lh[1, 4] * b
        for j in range(i, 3):
            h[i, j] += lh[0, 0] * a * along[j] + lh[0, 4] * (a * beside[j] + b * along[j])
        h[i, TURN] += lh[0, 2] * a * twist
        h[i, SWELL] += lh[0, 3] * a + lh[3, 4] * b
        h[i, PRESSURE] -= lv[0] * a + lv[4] * b
    g[TURN] += lg[2] * twist
    row[TURN] = lh[1, 2] * twist
    h[TURN, TURN] += lh[2, 2] * twist * twist
    g[SWELL] += lg[3]
    row[SWELL] = lh[1, 3]
    h[SWELL, SWELL] += lh[3, 3]
    h[SWELL, PRESSURE] -= lv[3]
    row[PRESSURE] = -lv[1]


@kernel
def _add_nucleus(s: Segment, x: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
    """The nucleus's own solid: neo-Hookean along the axis, linear in bending and twist."""
    w = s.wall
    stiff = s.nucleus_shear * w.nucleus / (w.height * w.height)
    lz = 1.0 + x[UP] / w.height
    g[UP] += stiff * w.height * (lz - 1.0 / (lz * lz))
    h[UP, UP] += stiff * (1.0 + 2.0 / (lz * lz * lz))
    inner = 1.0 - w.thickness / w.radius
    deep, wide = 0.25 * (inner * s.depth) ** 2, 0.25 * (inner * s.width) ** 2
    for i, k in ((FLEX, 3.0 * deep), (BEND, 3.0 * wide), (TURN, deep + wide)):
        g[i] += stiff * k * x[i]
        h[i, i] += stiff * k


@kernel
def _newton(x: np.ndarray, bulge: np.ndarray, height: float, even: bool, r: Room) -> tuple[float, float]:
    """Take a Newton step, shortened where it is long; its size as strain, and the share of it that was taken."""
    g, h = r.g, r.h
    d = -g
    scale = 1e6  # pressures count in MPa, so that pivots compare
    for i in range(7):
        h[i, PRESSURE] *= scale
        h[i, ANNULUS] *= scale
    solve(h, d)
    d[PRESSURE] *= scale
    d[ANNULUS] *= scale
    size = max(abs(d[UP]) / height, abs(d[FLEX]), abs(d[BEND]), abs(d[TURN]), abs(d[SWELL]))
    count = SECTORS // 2 if even else SECTORS
    for k in range(count):
        back = -r.ends[k]
        back -= r.slants[k] * d[PRESSURE]
        for i in range(6):
            back -= r.rows[k, i] * d[i]
        r.ends[k] = back / r.pivots[k]
        size = max(size, abs(r.ends[k]) / height)
    if not size < 1e9:
        return size, 1.0
    cut = min(1.0, 0.1 / size) if size > 0.0 else 1.0
    for i in range(7):
        x[i] += cut * d[i]
    for k in range(count):
        bulge[k] += cut * r.ends[k]
        if even:
            bulge[SECTORS - 1 - k] = bulge[k]
    return size, cut


@kernel
def solve(a: np.ndarray, b: np.ndarray) -> None:
    """Gauss with row pivots, in place."""
    n = b.size
    for i in range(n):
        best = i
        for r in range(i + 1, n):
            if abs(a[r, i]) > abs(a[best, i]):
                best = r
        if best != i:
            for c in range(i, n):
                a[i, c], a[best, c] = a[best, c], a[i, c]
            b[i], b[best] = b[best], b[i]
        for r in range(i + 1, n):
            f = a[r, i] / a[i, i]
            if f != 0.0:
                for c in range(i + 1, n):
                    a[r, c] -= f * a[i, c]
                b[r] -= f * b[i]
    for i in range(n - 1, -1, -1):
        for c in range(i + 1, n):
            b[i] -= a[i, c] * b[c]
        b[i] /= a[i, i]
