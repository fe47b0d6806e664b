"""The last four weeks at home as one picture: what was asked and done each day, pain before and after. SVG text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opentraction.care.home import LogEntry
from opentraction.drawing.palette import Theme, paint
from opentraction.drawing.svg import escape, tag, text

WIDTH, HEIGHT = 720, 250
_LEFT, _RIGHT = 96.0, 712.0
_FLOOR, _ROOM = 96.0, 64.0
_PAIN = (138.0, 212.0)
_FONT = "'IBM Plex Sans', system-ui, sans-serif"


def doing_picture(
    asked: Mapping[date, Mapping[str, int]], log: Sequence[LogEntry], today: date, theme: Theme = "page"
) -> str:
    """Blocks of what was done in the outline of what was asked; below, pain 0 to 10: ring before, dot after."""
    days = sorted(asked)
    if not days:
        return ""
    first = min(days[0], today - timedelta(days=13))
    every = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    most = max([2, *(sum(asked.get(day, {}).values()) for day in every)])
    wide = (_RIGHT - _LEFT) / len(every)
    parts = [_axes(theme, most)]
    for place, day in enumerate(every):
        own = [one for one in log if one.at.date() == day]
        x = _LEFT + place * wide
        parts += [_day(x, wide, asked.get(day, {}), own, most, theme), _pain(x, wide, own, theme)]
        if (today - day).days % 7 == 0:
            parts.append(_label(x + wide / 2, HEIGHT - 8.0, date_format(day, "j M"), theme, text_anchor="middle"))
    head = f"<title>{escape(_('At home, by day'))}</title><desc>{escape(_said(asked, log))}</desc>"
    box = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "font_family": _FONT, "font_size": 13.0}
    return tag("svg", head + "".join(parts), xmlns="http://www.w3.org/2000/svg", **box)


def _axes(theme: Theme, most: int) -> str:
    high, low = _PAIN
    hair = {"stroke": paint("hairline", theme), "stroke_width": 1.0}
    lines = [tag("line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, **hair) for y in (_FLOOR, high, low)]
    words = [
        _label(0.0, _FLOOR - _ROOM + 12.0, _("sessions"), theme),
        _label(_LEFT - 8.0, _FLOOR - _ROOM + 4.0, str(most), theme, text_anchor="end"),
        _label(_LEFT - 8.0, _FLOOR + 4.0, "0", theme, text_anchor="end"),
        _label(0.0, high + 12.0, _("pain"), theme),
        _label(_LEFT - 8.0, high + 4.0, "10", theme, text_anchor="end"),
        _label(_LEFT - 8.0, low + 4.0, "0", theme, text_anchor="end"),
    ]
    return "".join(lines + words)


def _day(x: float, wide: float, asked: Mapping[str, int], own: Sequence[LogEntry], most: int, theme: Theme) -> str:
    """One day's column, from the floor: done, partly, and the outline of what was asked."""
    unit, side = _ROOM / most, min(16.0, 0.7 * wide)
    left, total = x + (wide - side) / 2, sum(asked.values())
    counts = {"yes": 0, "partly": 0}
    for name in {one.exercise for one in own if one.tried}:
        told = sorted(one.done for one in own if one.exercise == name and one.tried)
        for answer in sorted(told, reverse=True)[: asked.get(name, len(told))]:
            counts[answer] += 1
    done, tried = min(counts["yes"], most), min(counts["yes"] + counts["partly"], most)
    parts = []
    if tried > done:
        parts.append(_block(left, side, tried * unit, "spine-band", theme))
    if done:
        parts.append(_block(left, side, done * unit, "measured", theme))
    if total:
        box = {"x": left, "y": _FLOOR - total * unit, "width": side, "height": total * unit, "fill": "none"}
        parts.append(tag("rect", **box, stroke=paint("muted", theme), stroke_width=1.0))
    return "".join(parts)


def _block(left: float, side: float, height: float, colour: str, theme: Theme) -> str:
    return tag("rect", x=left, y=_FLOOR - height, width=side, height=height, fill=paint(colour, theme))


def _pain(x: float, wide: float, own: Sequence[LogEntry], theme: Theme) -> str:
    """The worst of the day: before as a ring, after as a dot, a line between them."""
    told = [one for one in own if one.nrs_before is not None and one.nrs_after is not None]
    if not told:
        return ""
    one = max(told, key=lambda entry: (entry.nrs_after or 0, entry.rise or 0))
    before, after, at = _score(one.nrs_before or 0), _score(one.nrs_after or 0), x + wide / 2
    rose = (one.rise or 0) >= 2
    colour = paint("warning" if rose else "measured", theme)
    line = tag("line", x1=at, x2=at, y1=before, y2=after, stroke=colour, stroke_width=1.5)
    ring = tag("circle", cx=at, cy=before, r=3.5, fill=paint("ground", theme), stroke=colour, stroke_width=1.5)
    return line + ring + tag("circle", cx=at, cy=after, r=3.0, fill=colour)


def _score(score: int) -> float:
    high, low = _PAIN
    return low - (low - high) * score / 10.0


def _label(x: float, y: float, words: str, theme: Theme, **more: object) -> str:
    return text(x, y, words, fill=paint("muted", theme), **more)


def _said(asked: Mapping[date, Mapping[str, int]], log: Sequence[LogEntry]) -> str:
    """The picture in a sentence."""
    total = sum(sum(one.values()) for one in asked.values())
    done = sum(one.done == "yes" for one in log if one.at.date() in asked)
    days = len(asked)
    return _("{done} sessions done of {asked} asked on {days} days.").format(done=done, asked=total, days=days)
