"""The body map: what is felt where, front and back, as SVG for the page and for paper.

On a page every skin area of each side is one element that the keyboard reaches (``id="L5-left"``), with what is seen of
it in front and behind inside (``id="L5-left-front"``). On paper the areas are shaded by intensity, with the number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from opentraction.care.outcomes.examination import QUALITIES, Felt
from opentraction.care.outcomes.figure import Loop
from opentraction.care.outcomes.roots import SIDES, roots
from opentraction.care.outcomes.skin import VIEWS, areas, bare
from opentraction.drawing.palette import Theme, css_variables, paint
from opentraction.drawing.svg import escape, tag, text

WIDTH, HEIGHT = 640, 828
_TOP = 44.0
_CENTRE = {"front": 160.0, "back": 480.0}
_FONT = "'IBM Plex Sans', system-ui, sans-serif"
Quality = Literal["numbness", "tingling", "weakness", "pain"]


def body_map(
    felt: Mapping[str, Felt], quality: Quality = "pain", *, theme: Theme = "page", interactive: bool = False
) -> str:
    """One quality of what is felt, 0 to 10, by place ("L5-left"). Where nothing is known the skin stays grey.

    `interactive`: areas are buttons for the keyboard and the pointer, each with its words and value as its name.
    """
    words = summary(felt, quality)
    inside = _views(felt, quality, theme, interactive)
    return _svg(inside, WIDTH, HEIGHT, f"Body map: {quality}", words, theme, interactive)


def body_maps(felt: Mapping[str, Felt], *, theme: Theme = "print") -> str:
    """All four qualities side by side, two in a row, for paper."""
    shown = []
    for i, quality in enumerate(QUALITIES):
        x, y = (i % 2) * WIDTH, (i // 2) * HEIGHT
        inside = _views(felt, quality, theme, False)
        shown.append(tag("g", inside, transform=f"translate({x} {y})"))
    words = " ".join(summary(felt, quality) for quality in QUALITIES)
    return _svg("".join(shown), 2 * WIDTH, 2 * HEIGHT, "Body maps", words, theme, False)


def summary(felt: Mapping[str, Felt], quality: str) -> str:
    """The map in one sentence, for those who cannot see it."""
    known = {place: one.of(quality) for place, one in felt.items() if one.of(quality) is not None}
    if not known:
        return f"{quality.capitalize()}: not asked."
    some = [f"{place.replace('-', ' ')} {value}" for place, value in _in_order(known) if value]
    return f"{quality.capitalize()}, 0 to 10: " + (", ".join(some) if some else "none where asked") + "."


def _in_order(known: Mapping[str, int | None]) -> list[tuple[str, int | None]]:
    order = list(roots().dermatomes)
    return sorted(known.items(), key=lambda one: (order.index(one[0].rsplit("-", 1)[0]), one[0]))


def _views(felt: Mapping[str, Felt], quality: str, theme: Theme, interactive: bool) -> str:
    known = {place: one.of(quality) for place, one in felt.items()}
    parts = [_heading(quality, theme), *(_under(view, theme) for view in VIEWS)]
    for root in roots().dermatomes:
        parts += [_area(root, side, known.get(f"{root}-{side}"), theme, interactive) for side in SIDES]
    numbers = [_numbers(view, known, theme) for view in VIEWS]
    return "".join([*parts, tag("g", "".join(numbers), pointer_events="none", aria_hidden="true")])


def _heading(quality: str, theme: Theme) -> str:
    muted = paint("muted", theme)
    name = text(14, 22, quality.capitalize(), font_size=17, font_weight=600, fill=paint("ink", theme))
    views = "".join(text(x, 34, view, font_size=12, fill=muted, text_anchor="middle") for view, x in _CENTRE.items())
    sides = "".join(
        text(x + dx, 60, side[0].upper(), font_size=12, fill=muted, text_anchor="middle")
        for view, x in _CENTRE.items()
        for side, dx in ((side, 110.0 * _sign(view, side)) for side in SIDES)
    )
    return name + views + sides + _key(theme)


def _key(theme: Theme) -> str:
    """Grey: not asked; white: none; darker: more."""
    x, y, muted, parts = WIDTH / 2 - 80.0, HEIGHT - 18.0, paint("muted", theme), []
    for i, (value, words) in enumerate(((None, "not asked"), (0, "0"), (5, "5"), (10, "10"))):
        at = x + (0, 74, 102, 130)[i]
        parts.append(tag("rect", x=at, y=y, width=12, height=12, rx=2, **_fill(value, theme)))
        parts.append(text(at + 15, y + 10, words, font_size=11, fill=muted))
    return "".join(parts)


def _under(view: str, theme: Theme) -> str:
    """The figure as one shape with a firm outline; the areas lie on it."""
    loops = [*bare(view), *(loop for some in areas(view).values() for loop in some)]
    both = "".join(_path(loop, view, side) for side in SIDES for loop in loops)
    line = paint("prescribed", theme)
    style = {"fill": paint("phase", theme), "stroke_linejoin": "round"}
    return tag("path", d=both, stroke=line, stroke_width=2.6, **style) + tag("path", d=both, stroke="none", **style)


def _area(root: str, side: str, value: int | None, theme: Theme, interactive: bool) -> str:
    paths = [
        tag("path", d="".join(_path(loop, view, side) for loop in areas(view)[root]), id=f"{root}-{side}-{view}")
        for view in VIEWS
        if root in areas(view)
    ]
    name = f"{root} {side}, {roots().dermatomes[root].words}: {'not asked' if value is None else f'{value} of 10'}"
    style = {**_fill(value, theme), "stroke_linejoin": "round"}
    button = {"tabindex": 0, "role": "button", "aria_label": name, "class_": "area"} if interactive else {}
    data = {"data_root": root, "data_side": side, "data_value": "" if value is None else value}
    return tag("g", f"<title>{escape(name)}</title>" + "".join(paths), id=f"{root}-{side}", **data, **style, **button)


def _fill(value: int | None, theme: Theme) -> dict[str, object]:
    line = {"stroke": paint("prescribed", theme), "stroke_width": 0.6, "stroke_opacity": "0.7"}
    if value is None:
        return {"fill": paint("phase", theme), **line}
    if value == 0:
        return {"fill": paint("ground", theme), **line}
    return {"fill": paint("ink", theme), "fill_opacity": f"{0.10 + 0.075 * value:.3f}", **line}


def _numbers(view: str, known: Mapping[str, int | None], theme: Theme) -> str:
    """The value in the widest part of each area where something is felt."""
    parts = []
    for root, loops in areas(view).items():
        for side in SIDES:
            value = known.get(f"{root}-{side}")
            if not value:
                continue
            x, y = _middle(max(loops, key=_size))
            fill = paint("ground" if value >= 6 else "ink", theme)
            at = _CENTRE[view] + _sign(view, side) * x
            style = {"font_size": 12, "font_weight": 600, "text_anchor": "middle", "fill": fill}
            parts.append(text(at, _TOP + y + 4.2, str(value), **style))
    return "".join(parts)


def _sign(view: str, side: str) -> float:
    """Seen from the front the patient's left is on the right."""
    return 1.0 if (view == "front") == (side == "left") else -1.0


def _path(loop: Loop, view: str, side: str) -> str:
    sign, centre = _sign(view, side), _CENTRE[view]
    points = (f"{centre + sign * x:.1f} {_TOP + y:.1f}" for x, y in loop)
    return f"M{'L'.join(points)}Z"


def _size(loop: Loop) -> float:
    """Area by the shoelace formula."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(loop, [*loop[1:], loop[0]], strict=True))) / 2.0


def _middle(loop: Loop) -> tuple[float, float]:
    """A point inside: the middle of the widest row of the area near its centre of mass."""
    y = sum(p[1] for p in loop) / len(loop)
    cuts = sorted(
        a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])
        for a, b in zip(loop, [*loop[1:], loop[0]], strict=True)
        if (a[1] <= y) != (b[1] <= y)
    )
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    left, right = max(pairs, key=lambda pair: pair[1] - pair[0])
    return 0.5 * (left + right), y


def _svg(inside: str, width: int, height: int, title: str, words: str, theme: Theme, interactive: bool) -> str:
    head = f"<title>{escape(title)}</title><desc>{escape(words)}</desc>"
    if theme == "standalone":
        dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
        head += f"<style>:root {{ {css_variables()} }} {dark}</style>"
    if theme != "page":
        head += tag("rect", width="100%", height="100%", fill=paint("ground", theme))
    return tag(
        "svg",
        head + inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="group" if interactive else "img",
        font_family=_FONT,
        font_variant_numeric="tabular-nums",
        width=None if theme == "page" else width,
        height=None if theme == "page" else height,
    )
