"""The figure: one adult of 170 cm, seen from the side, jointed at neck, spine, shoulders, elbows, hips, knees, ankles.

Segment lengths are shares of stature after Drillis and Contini (from memory, unverified), rounded to whole centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass

from opentraction.care.home.figures.limb import Point, along, angle_of, reach

LUMBAR, CHEST, SHOULDER = 17.0, 17.0, 15.0
NECK = 19.0
UPPER_ARM, FOREARM, HAND = 30.0, 25.0, 9.0
THIGH, SHANK, FOOT, HEEL = 42.0, 41.0, 17.0, 5.0
HEAD_LONG, HEAD_WIDE = 11.5, 9.0


@dataclass(frozen=True, slots=True)
class Limb:
    """Root, middle joint, end and tip of an arm (shoulder, elbow, wrist, finger) or a leg (hip, knee, ankle, toe)."""

    root: Point
    middle: Point
    end: Point
    tip: Point
    heel: Point


@dataclass(frozen=True, slots=True)
class Pose:
    """Where every joint is [cm, y up]. `face` +1 looks to the right of the way from neck to crown, -1 to the left."""

    spine: tuple[Point, Point, Point, Point]
    head: Point
    head_angle: float
    face: int
    arm: Limb
    far_arm: Limb
    leg: Limb
    far_leg: Limb


Numbers = dict[str, object]


def pose(data: Numbers) -> Pose:
    """The joints of a pose written as in poses.toml."""
    hip = _point(data["hip"])
    low, high = _number(data, "low", 90.0), _number(data, "high", 90.0)
    middle = _number(data, "mid", (low + high) / 2.0)
    waist = along(hip, low, LUMBAR)
    ribs = along(waist, middle, CHEST)
    shoulder = along(ribs, high, SHOULDER)
    neck = _number(data, "neck", high)
    arm = _limb(data, "arm", "hand", "elbow", shoulder)
    leg = _limb(data, "leg", "ankle", "knee", hip)
    far = _number(data, "apart", 0.0)
    far_arm = _limb(data, "arm2", "hand2", "elbow2", shoulder) if _has(data, "arm2", "hand2") else _moved(arm, far)
    far_leg = _limb(data, "leg2", "ankle2", "knee2", hip) if _has(data, "leg2", "ankle2") else _moved(leg, far)
    return Pose(
        (hip, waist, ribs, shoulder), along(shoulder, neck, NECK), neck, int(_number(data, "face", 1.0)),
        arm, far_arm, leg, far_leg,
    )  # fmt: skip


def _limb(data: Numbers, angles: str, target: str, bend: str, root: Point) -> Limb:
    is_arm = angles.startswith("arm")
    first, second = (UPPER_ARM, FOREARM) if is_arm else (THIGH, SHANK)
    if target in data:
        middle, end = reach(root, _point(data[target]), first, second, int(_number(data, bend, 1.0)))
    else:
        pair = data[angles]
        assert isinstance(pair, list)
        middle = along(root, float(pair[0]), first)
        end = along(middle, float(pair[1]), second)
    suffix = "2" if angles.endswith("2") else ""
    on = angle_of(middle, end)
    if is_arm:
        tip = along(end, _number(data, "palm" + suffix, on), HAND)
        return Limb(root, middle, end, tip, end)
    toe = _number(data, "foot" + suffix, on + 90.0)
    return Limb(root, middle, end, along(end, toe, FOOT), along(end, toe + 180.0, HEEL))


def _moved(limb: Limb, by: float) -> Limb:
    """The far limb where the near one is, a little to the side, so that it shows."""
    return Limb(*(((x + by), y) for x, y in (limb.root, limb.middle, limb.end, limb.tip, limb.heel)))


def _has(data: Numbers, *keys: str) -> bool:
    return any(key in data for key in keys)


def _number(data: Numbers, key: str, other: float) -> float:
    value = data.get(key, other)
    assert isinstance(value, int | float)
    return float(value)


def _point(value: object) -> Point:
    assert isinstance(value, list)
    return float(value[0]), float(value[1])
