"""The body chart as a figure, front and back: each place is a link, so it works by keyboard and without a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from urllib.parse import urlencode

from opentraction import screening
from opentraction.care.outcomes.figure import Loop
from opentraction.care.outcomes.skin import VIEWS, areas, bare
from opentraction.clinic.intake.wording import words
from opentraction.drawing.svg import escape, tag, text
from opentraction.screening import Mark

WIDTH, HEIGHT = 640, 810
_TOP = 36.0
_CENTRE = {"front": 160.0, "back": 480.0}
_TRUNK = 372.0  # above this line the back of L5, S1 and S2 is the buttock, below it the leg
_CHEST, _UPPER_BACK = [f"T{n}" for n in range(2, 7)], [f"T{n}" for n in range(2, 10)]
_LOW_BACK = ["T10", "T11", "T12", "L1", "L2", "L3"]
_SEAT = ["S3", "S4", "S5"]


@cache
def places(view: str) -> Mapping[str, list[Loop]]:
    """The closed lines on half a body that make up each place of the chart, as seen from there."""
    found: dict[str, list[Loop]] = {"head": list(bare(view))}
    for root, loops in areas(view).items():
        for loop in loops:
            place = _place(view, root, loop)
            if place:
                found.setdefault(place, []).append(loop)
    return found


def _place(view: str, root: str, loop: Loop) -> str:
    """What the chart calls a patch of skin; empty for what it has no word for (the belly)."""
    on_arm = min(x for x, _ in loop) > 45.0
    if root in {"C2", "C3"}:
        return "head" if root == "C2" else "neck"
    if root in _SEAT:
        return "saddle"
    if root == "T2" and on_arm:
        return "T1"
    if view == "front":
        return "chest" if root in _CHEST else "" if root.startswith("T") and root != "T1" else root
    if root in _UPPER_BACK:
        return "upper_back"
    high = sum(y for _, y in loop) / len(loop) < _TRUNK
    if root in _LOW_BACK:
        return "low_back"
    return "buttock" if high and root in {"L5", "S1", "S2"} else root


def body_figure(marks: Iterable[Mark], language: str = "en") -> str:
    """The whole chart as SVG; `marks` are shaded by their strength, with the number. A place is `a[data-place]`."""
    strongest: dict[tuple[str, str], int] = {}
    for mark in marks:
        for side in ("left", "right") if mark.side == "middle" else (mark.side,):
            strongest[mark.place, side] = max(mark.score, strongest.get((mark.place, side), 0))
    parts = [_under(view) for view in VIEWS] + [_headings(language)]
    parts += [_view(view, strongest, language) for view in VIEWS]
    return tag("svg", "".join(parts), viewBox=f"0 0 {WIDTH} {HEIGHT}", class_="body-figure", role="group")


def _under(view: str) -> str:
    loops = [*bare(view), *(loop for some in areas(view).values() for loop in some)]
    line = "".join(_path(loop, view, side) for side in ("left", "right") for loop in loops)
    return tag("path", d=line, class_="outline") + tag("path", d=line, class_="skin")


def _headings(language: str) -> str:
    said = words(language)["chart"]
    heads = [text(x, 20, said[view], class_="says", text_anchor="middle") for view, x in _CENTRE.items()]
    for view, x in _CENTRE.items():
        heads += [
            text(x + 110.0 * _sign(view, side), 52, said[side], class_="says", text_anchor="middle")
            for side in ("left", "right")
        ]
    return "".join(heads)


def _view(view: str, strongest: Mapping[tuple[str, str], int], language: str) -> str:
    drawn = []
    for place, loops in places(view).items():
        for side in ("left", "right"):
            score = strongest.get((place, side))
            drawn.append(_area(place, side, score, loops, view, language))
    return "".join(drawn)


def _area(place: str, side: str, score: int | None, loops: list[Loop], view: str, language: str) -> str:
    names, _, sides = screening.chart_words(language)
    says = words(language)["chart"]
    sided = "middle" if place == "saddle" else side
    name = f"{names[place]}, {sides[sided]}, {says[view]}" + (f": {score}" if score else "")
    path = "".join(_path(loop, view, side) for loop in loops)
    number = ""
    if score:
        x, y = _middle(max(loops, key=_size))
        number = text(_CENTRE[view] + _sign(view, side) * x, _TOP + y + 5.0, str(score), class_="score")
    inside = f"<title>{escape(name)}</title>" + tag("path", d=path) + number
    where = "?" + urlencode({"place": place, "side": sided}) + "#mark"
    shade = f"area s{score}" if score else "area"
    return tag("a", inside, href=where, class_=shade, aria_label=name, data_place=place, data_side=sided)


def _sign(view: str, side: str) -> float:
    """Seen from the front the patient's left is on the right."""
    return 1.0 if (view == "front") == (side == "left") else -1.0


def _path(loop: Loop, view: str, side: str) -> str:
    sign, centre = _sign(view, side), _CENTRE[view]
    return "M" + "L".join(f"{centre + sign * x:.1f} {_TOP + y:.1f}" for x, y in loop) + "Z"


def _size(loop: Loop) -> float:
    """Area by the shoelace formula."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(loop, [*loop[1:], loop[0]], strict=True))) / 2.0


def _middle(loop: Loop) -> tuple[float, float]:
    xs, ys = [x for x, _ in loop], [y for _, y in loop]
    return 0.5 * (min(xs) + max(xs)), 0.5 * (min(ys) + max(ys))
