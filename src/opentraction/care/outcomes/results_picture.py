"""The clinic's results as one picture: shares with their intervals and bounds, and the funnel by clinician."""

from __future__ import annotations

from opentraction.care.outcomes.instrument import Instrument
from opentraction.care.outcomes.intervals import funnel_limits
from opentraction.care.outcomes.library import instrument
from opentraction.care.outcomes.results import LIMITS, Results, Share
from opentraction.drawing.palette import Theme, css_variables, paint
from opentraction.drawing.svg import escape, tag, text
from opentraction.drawing.ticks import nice_step, ticks

WIDTH, HEIGHT = 960, 420
_FONT = "'IBM Plex Sans', system-ui, sans-serif"
_LEFT, _SHARE_RIGHT, _TOP, _ROW = 150.0, 440.0, 92.0, 62.0
_FUNNEL = (560.0, 930.0, 70.0, 350.0)


def results_picture(told: Results, *, theme: Theme = "page") -> str:
    """As SVG text. A share of few people is not drawn; missing courses are the pale ends of a line."""
    about = instrument(told.instrument)
    inside = _heading(told, about, theme) + _shares(told, theme) + _funnel(told, theme)
    head = f"<title>Results, {escape(about.short)}</title><desc>{escape(' '.join(told.words()))}</desc>"
    if theme == "standalone":
        dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
        head += f"<style>:root {{ {css_variables()} }} {dark}</style>"
    if theme != "page":
        head += tag("rect", width="100%", height="100%", fill=paint("ground", theme))
    size = {"width": WIDTH, "height": HEIGHT} if theme != "page" else {}
    box = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img", "font_family": _FONT, **size}
    return tag("svg", head + inside, xmlns="http://www.w3.org/2000/svg", font_variant_numeric="tabular-nums", **box)


def _heading(told: Results, about: Instrument, theme: Theme) -> str:
    count = f"{told.begun}, {told.with_outcome} with {about.short} before and after, "
    words = count + f"{told.missing} missing"
    return text(2, 20, words, font_size=15, font_weight=600, fill=paint("ink", theme)) + text(
        2, 40, "Uncontrolled: people also get better by themselves.", font_size=12, fill=paint("muted", theme)
    )


def _shares(told: Results, theme: Theme) -> str:
    rows = (told.achieved, told.recovered, told.clearly_worse, told.worse)
    floor = _TOP + len(rows) * _ROW - 22.0
    return _percent_axis(floor, theme) + "".join(_share(one, _TOP + i * _ROW, theme) for i, one in enumerate(rows))


def _percent_axis(floor: float, theme: Theme) -> str:
    out, muted = [], paint("muted", theme)
    for value in (0, 25, 50, 75, 100):
        x = _x(value / 100)
        line = {"stroke": paint("hairline", theme), "stroke_width": 0.6}
        out.append(tag("path", d=f"M{x:.1f} {_TOP - 22:.1f}V{floor:.1f}", **line))
        words = f"{value} %" if value in {0, 100} else str(value)
        out.append(text(x, floor + 16.0, words, font_size=11, fill=muted, text_anchor="middle"))
    keys = "dot: of those known, line: 95 %, pale: if all missing said no, or yes"
    return "".join(out) + text(2, floor + 38.0, keys, font_size=11, fill=muted)


def _x(share: float) -> float:
    return _LEFT + share * (_SHARE_RIGHT - _LEFT)


def _share(one: Share, y: float, theme: Theme) -> str:
    ink, muted = paint("ink", theme), paint("muted", theme)
    name = text(2, y + 4.0, one.name.capitalize(), font_size=13, fill=ink)
    if one.hidden or one.interval is None or one.worst is None or one.best is None:
        return name + text(_LEFT + 4.0, y + 4.0, "too few people to publish", font_size=11, fill=muted)
    low, high = _x(one.worst), _x(one.best)
    at = one.interval
    pale = tag("rect", x=low, y=y - 7.0, width=max(high - low, 1.0), height=14, rx=2, fill=paint("phase-strong", theme))
    line = tag("path", d=f"M{_x(at.low):.1f} {y:.1f}H{_x(at.high):.1f}", stroke=ink, stroke_width=1.6)
    dot = tag("circle", cx=_x(at.share), cy=y, r=4.5, fill=ink)
    words = f"{100 * at.share:.0f} %"
    count = f"{one.count} of {one.known}"
    beside = text(_SHARE_RIGHT + 10.0, y + 2.0, words, font_size=14, font_weight=600, fill=ink)
    return name + pale + line + dot + beside + text(_SHARE_RIGHT + 10.0, y + 17.0, count, font_size=11, fill=muted)


def _funnel(told: Results, theme: Theme) -> str:
    left, right, top, floor = _FUNNEL
    muted = paint("muted", theme)
    title = text(left - 30.0, top - 14.0, "Worthwhile change by clinician", font_size=13, fill=paint("ink", theme))
    if len(told.clinicians) < 2 or told.achieved.hidden or told.achieved.interval is None:
        return title + text(left, (top + floor) / 2, "Two clinicians with five outcomes each are needed.", fill=muted)
    most = max(one.known for one in told.clinicians) * 1.15
    overall = told.achieved.interval.share

    def px(n: float) -> float:
        return left + n / most * (right - left)

    def py(share: float) -> float:
        return floor - share * (floor - top)

    out = [title, _funnel_axes(most, px, py, theme)]
    for level, dash in zip(LIMITS, ("5 4", None), strict=True):
        out.append(_limits(most, overall, level, px, py, theme, dash))
    style = {"stroke": paint("prescribed", theme), "stroke_width": 1}
    out.append(tag("path", d=f"M{left:.1f} {py(overall):.1f}H{right:.1f}", **style))
    out.append(text(left + 4.0, py(overall) - 5.0, f"all {100 * overall:.0f} %", font_size=11, fill=muted))
    for one in told.clinicians:
        if one.name not in told.not_told:
            out.append(_point(px(one.known), py(one.count / one.known), one.name, one.where, theme))
    few = told.clinicians_small + len(told.not_told)
    words = "dashed 95 %, solid 99.8 %: chance alone" + (f"; {few} with few people not shown" if few else "")
    return "".join([*out, text(left - 30.0, floor + 38.0, words, font_size=11, fill=muted)])


def _funnel_axes(most: float, px, py, theme: Theme) -> str:  # type: ignore[no-untyped-def]
    out, muted = [], paint("muted", theme)
    for share in (0.0, 0.5, 1.0):
        line = {"stroke": paint("hairline", theme), "stroke_width": 0.6}
        out.append(tag("path", d=f"M{px(0):.1f} {py(share):.1f}H{px(most):.1f}", **line))
        words = f"{100 * share:.0f} %"
        out.append(text(px(0) - 6.0, py(share) + 4.0, words, font_size=11, fill=muted, text_anchor="end"))
    for n in ticks(0.0, most, nice_step(most, 5)):
        out.append(text(px(n), py(0.0) + 16.0, f"{n:.0f}", font_size=11, fill=muted, text_anchor="middle"))
    return "".join(out)


def _limits(most: float, share: float, level: float, px, py, theme: Theme, dash: str | None) -> str:  # type: ignore[no-untyped-def]
    sizes = sorted({max(5, round(5 + (most - 5) * i / 40)) for i in range(41)})
    both = [(n, funnel_limits(n, share, level)) for n in sizes]
    out = []
    for side in (0, 1):
        points = "L".join(f"{px(n):.1f} {py(limit[side]):.1f}" for n, limit in both)
        style = {"fill": "none", "stroke": paint("muted", theme), "stroke_width": 0.9, "stroke_dasharray": dash}
        out.append(tag("path", d=f"M{points}", **style))
    return "".join(out)


def _point(x: float, y: float, name: str, where: str, theme: Theme) -> str:
    """A dot; far outside is amber with its word, never colour alone."""
    far = where.startswith("far")
    colour = paint("warning" if far else "ink", theme)
    words = f"{name}, {where}" if where != "as expected" else name
    dot = tag("circle", f"<title>{escape(words)}</title>", cx=x, cy=y, r=4, fill=colour)
    return dot + text(x + 7.0, y + 4.0, words, font_size=11, fill=colour)
