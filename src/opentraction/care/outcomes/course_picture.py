"""A patient's course on one page: one panel a question, all over the same days, with what is missing left open.

The shaded floor of a panel is where a change is worthwhile (MIC, from the baseline). A line is broken where an answer
was missed, and the missed day is marked. Nothing is joined over a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from opentraction.care.outcomes.course import PatientCourse
from opentraction.care.outcomes.days import Days, day_words
from opentraction.care.outcomes.instrument import Instrument
from opentraction.care.outcomes.schedule import Due
from opentraction.drawing.labels import lanes, text_width
from opentraction.drawing.palette import Theme, css_variables, paint
from opentraction.drawing.svg import escape, tag, text
from opentraction.quantities import display

_FONT = "'IBM Plex Sans', system-ui, sans-serif"
Size = Literal["a4", "web", "phone"]
SIZES: Final[dict[Size, tuple[int, int]]] = {"a4": (760, 690), "web": (960, 900), "phone": (358, 0)}
"""Width and height [px]; a phone's picture is as high as its panels, drawn one to one."""
_LEFT, _RIGHT, _BOTTOM, _LANE = 128.0, 132.0, 34.0, 18.0
_NARROW = (34.0, 58.0)
"""On a phone names and remarks stand above their panel, so there is little beside it."""
_TICK = 48.0
"""On a phone the words of two days keep this distance [px]."""
_PANEL, _OVER = 160.0, 52.0
"""On a phone: height of a panel with what stands above it, and of that alone [px]."""


@dataclass(frozen=True)
class _Sheet:
    """Where a panel lies, and how its values and days become pixels."""

    days: Days
    theme: Theme
    top: float
    height: float
    low: float
    high: float
    narrow: bool = False

    @property
    def least(self) -> float:
        """Size of the smallest letters [px]: a phone's are not drawn smaller."""
        return 12.0 if self.narrow else 10.0

    def y(self, value: float) -> float:
        """A value's height [px]."""
        return self.top + self.height - (value - self.low) / (self.high - self.low) * self.height

    @property
    def floor(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def colour(self, name: str) -> str:
        """As the theme writes it."""
        return paint(name, self.theme)


def course_picture(
    course: PatientCourse, today: date, *, size: Size = "web", theme: Theme = "page", unit: str = "N"
) -> str:
    """The picture as SVG text; forces in `unit`."""
    narrow, (width, height) = size == "phone", SIZES[size]
    every = course.plan(today)
    days = _days(course, every, today, width, _NARROW if narrow else (_LEFT, _RIGHT))
    names = [one for one in course.asked() if _worth_a_panel(course, one, every)]
    events, rows = _events(course, days, theme, width)
    head, count = 14.0 + rows * _LANE, len(names) + 2
    height = height or int(head + count * _PANEL + _BOTTOM)
    each = (height - head - _BOTTOM) / count
    over = _OVER if narrow else 12.0

    def sheet(at: int, low: float, high: float) -> _Sheet:
        return _Sheet(days, theme, head + at * each + over, each - over - 14.0, low, high, narrow)

    parts = []
    for i, about in enumerate(names):
        planned = [one for one in every if one.instrument == about.id]
        parts.append(_scores(sheet(i, about.low, about.high), course, about, planned))
    parts.append(_forces(sheet(count - 2, 0.0, _highest(course)), course, unit))
    parts.append(_comfort(sheet(count - 1, 0.0, 10.0), course))
    floor = height - _BOTTOM
    inside = _axis(days, theme, head, floor, narrow) + "".join(parts) + events(floor)
    return _svg(inside, width, height, theme, _words(course, today))


def _worth_a_panel(course: PatientCourse, about: Instrument, every: list[Due]) -> bool:
    """An instrument that was answered, or whose answer is missing by now."""
    return bool(course.scores(about.id)) or any(one.instrument == about.id and one.state == "missed" for one in every)


def _days(course: PatientCourse, every: list[Due], today: date, width: float, beside: tuple[float, float]) -> Days:
    marks = [one.day for one in course.sessions] + [form.taken for form in course.forms]
    marks += [one.due for one in every if one.state in {"done", "missed", "late", "due"}]
    marks += [one.onset.date() for one in course.events] + [course.facts.started]
    last = course.facts.ended or max([one.day for one in course.sessions], default=course.facts.started)
    return Days(min(marks), max(last, min(marks) + timedelta(days=7)), max(marks), beside[0], width - beside[1])


def _scores(sheet: _Sheet, course: PatientCourse, about: Instrument, planned: list[Due]) -> str:
    known = [(day, one.value) for day, one in course.scores(about.id) if one.value is not None]
    missed = sorted({one.due for one in planned if one.state == "missed"})
    zone = _worthwhile(sheet, course, about)
    frame = _frame(sheet, about.short, f"{about.low:g} to {about.high:g}, {about.better} is better")
    lines = "".join(_line(sheet, run) for run in _runs(known, missed))
    dots = "".join(_dot(sheet, day, value, f"{day_words(day)}: {about.show(value)}") for day, value in known)
    gaps = "".join(_gap(sheet, day) for day in missed)
    label = _end_label(sheet, known[-1], about.show(known[-1][1])) if known else ""
    return zone + frame + lines + gaps + dots + label


def _worthwhile(sheet: _Sheet, course: PatientCourse, about: Instrument) -> str:
    """Where a change from the baseline is worthwhile."""
    start, limits = course.baseline(about.id), about.thresholds
    if start is None or start.value is None:
        return _aside(sheet, "no baseline")
    step = limits.points if limits.points is not None else (limits.percent or 0.0) / 100.0 * start.value
    edge = start.value - step if about.better == "lower" else start.value + step
    if step <= 0.0 or not about.low <= edge <= about.high:
        return ""
    top, bottom = sorted((sheet.y(edge), sheet.y(about.best)))
    bottom = max(bottom, top + 2.0)
    fill = tag("rect", x=sheet.days.left, y=top, width=sheet.days.wide, height=bottom - top, fill=sheet.colour("phase"))
    at = sheet.y(edge)
    line = tag("path", d=f"M{sheet.days.left:.1f} {at:.1f}h{sheet.days.wide:.1f}", stroke=sheet.colour("muted"),
               stroke_width=0.8, stroke_dasharray="4 3")  # fmt: skip
    return (
        fill + line + _aside(sheet, f"worthwhile {'≤' if about.better == 'lower' else '≥'}\u00a0{about.show(edge)}", at)
    )


def _aside(sheet: _Sheet, words: str, at: float | None = None, colour: str = "muted") -> str:
    """A remark at the right of a panel, below or above the label of the last value when it is near."""
    if sheet.narrow:
        style = {"font_size": sheet.least, "fill": sheet.colour(colour), "text_anchor": "end"}
        return text(sheet.days.right + _NARROW[1] - 2.0, sheet.top - 16.0, words, **style)
    y = sheet.floor - 2.0 if at is None else at + 4.0
    return text(sheet.days.right + 34.0, y, words, font_size=10.5, fill=sheet.colour(colour))


def _runs(known: list[tuple[date, float]], missed: list[date]) -> list[list[tuple[date, float]]]:
    """The stretches between which no answer was missed."""
    runs: list[list[tuple[date, float]]] = []
    for day, value in known:
        broken = runs and any(runs[-1][-1][0] < gap <= day for gap in missed)
        if not runs or broken:
            runs.append([])
        runs[-1].append((day, value))
    return runs


def _line(sheet: _Sheet, run: list[tuple[date, float]]) -> str:
    points = "L".join(f"{sheet.days.x(day):.1f} {sheet.y(value):.1f}" for day, value in run)
    return (
        tag("path", d=f"M{points}", fill="none", stroke=sheet.colour("ink"), stroke_width=1.5) if len(run) > 1 else ""
    )


def _dot(sheet: _Sheet, day: date, value: float, words: str) -> str:
    style = {"r": 3.2, "fill": sheet.colour("ink"), "stroke": sheet.colour("ground"), "stroke_width": 1}
    return tag("circle", f"<title>{escape(words)}</title>", cx=sheet.days.x(day), cy=sheet.y(value), **style)


def _gap(sheet: _Sheet, day: date, word: str = "missing") -> str:
    """A missed answer: an open lozenge on the floor of the panel and the word."""
    x, y, colour = sheet.days.x(day), sheet.floor, sheet.colour("warning")
    style = {"fill": sheet.colour("ground"), "stroke": colour, "stroke_width": 1.3}
    halo = {"stroke": sheet.colour("ground"), "stroke_width": 3, "paint_order": "stroke", "stroke_opacity": "0.8"}
    name = f"<title>{escape(day_words(day))}: {word}</title>"
    mark = tag("path", name, d=f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5Z", **style)
    return mark + text(x, y - 8.0, word, font_size=sheet.least, fill=colour, text_anchor="middle", **halo)


def _end_label(sheet: _Sheet, last: tuple[date, float], words: str) -> str:
    y = min(max(sheet.y(last[1]) + 5.0, sheet.top + 8.0), sheet.floor + 2.0)
    return text(sheet.days.right + 8.0, y, words, font_size=14, font_weight=600, fill=sheet.colour("ink"))


def _frame(sheet: _Sheet, name: str, scale: str) -> str:
    hairline, muted = sheet.colour("hairline"), sheet.colour("muted")
    lines = "".join(
        tag(
            "path",
            d=f"M{sheet.days.left:.1f} {sheet.y(v):.1f}h{sheet.days.wide:.1f}",
            stroke=hairline,
            stroke_width=0.7,
        )
        for v in (sheet.low, sheet.high)
    )
    numbers = "".join(
        text(
            sheet.days.left - 6.0,
            sheet.y(v) + 3.8,
            f"{v:.0f}",
            font_size=sheet.least + 1.0,
            fill=muted,
            text_anchor="end",
        )
        for v in (sheet.low, sheet.high)
    )
    middle = sheet.top - 31.0 if sheet.narrow else sheet.top + 0.5 * sheet.height
    words = text(2, middle - 2, name, font_size=14 if sheet.narrow else 13, font_weight=600, fill=sheet.colour("ink"))
    return lines + numbers + words + text(2, middle + 15.0, scale, font_size=sheet.least, fill=muted)


def _highest(course: PatientCourse) -> float:
    """The top of the panel of forces [N]."""
    highest = max([one.force for one in course.sessions if one.force is not None], default=100.0)
    return 50.0 * (int(highest / 50.0) + 1)


def _forces(sheet: _Sheet, course: PatientCourse, unit: str) -> str:
    """A bar a session; one that was stopped carries a square, one whose force is not known an open lozenge."""
    frame = _frame(sheet, "Force", "highest of a session, N")
    bars, last = [], None
    for one in course.sessions:
        x = sheet.days.x(one.day)
        if one.force is None:
            bars.append(_gap(sheet, one.day, "not known"))
            continue
        words = (
            f"<title>{escape(f'session {one.number}, {day_words(one.day)}: {one.force:.0f} N, {one.ending}')}</title>"
        )
        path = f"M{x:.1f} {sheet.floor:.1f}V{sheet.y(one.force):.1f}"
        bars.append(tag("path", words, d=path, stroke=sheet.colour("measured"), stroke_width=5))
        if one.ending != "completed":
            square = {"width": 7, "height": 7, "fill": sheet.colour("stop")}
            bars.append(tag("rect", x=x - 3.5, y=sheet.y(one.force) - 10.0, **square))
        last = one
    if last is None or last.force is None:
        return frame + "".join(bars)
    shown = display(last.force, "force", unit if unit != "N" else "lb", 0)
    both = f"{last.force:.0f} N"
    label = _end_label(sheet, (last.day, last.force), both)
    stopped = [one for one in course.sessions if one.ending != "completed"]
    note = _stopped(sheet, len(stopped)) if stopped else ""
    at = min(max(sheet.y(last.force) + 19.0, sheet.top + 22.0), sheet.floor + 14.0)
    return (
        frame
        + "".join(bars)
        + label
        + text(sheet.days.right + 8.0, at, shown, font_size=11, fill=sheet.colour("muted"))
        + note
    )


def _stopped(sheet: _Sheet, count: int) -> str:
    """What the square means, beside how many there are."""
    words, x, y = f"{count} stopped", sheet.days.right + 24.0, sheet.floor - 9.0
    if sheet.narrow:
        x, y = sheet.days.right + _NARROW[1] - 14.0 - 1.4 * text_width(words, sheet.least), sheet.top - 24.0
    square = tag("rect", x=x, y=y, width=7, height=7, fill=sheet.colour("stop"))
    return square + _aside(sheet, words, colour="stop")


def _comfort(sheet: _Sheet, course: PatientCourse) -> str:
    known = [(one.day, float(one.comfort)) for one in course.sessions if one.comfort is not None]
    missed = [one.day for one in course.sessions if one.comfort is None]
    dots = "".join(_dot(sheet, day, value, f"{day_words(day)}: comfort {value:.0f}") for day, value in known)
    lines = "".join(_line(sheet, run) for run in _runs(known, missed))
    note = _aside(sheet, f"{len(missed)} not told") if missed else ""
    label = _end_label(sheet, known[-1], f"{known[-1][1]:.0f}") if known else ""
    return _frame(sheet, "Comfort", "0 worst, 10 best") + lines + dots + label + note


def _events(course: PatientCourse, days: Days, theme: Theme, width: float):  # type: ignore[no-untyped-def]
    """Adverse events as signs above the panels with their names, a faint line down through all; and the rows needed."""
    seen = sorted(course.events, key=lambda one: (not one.serious, one.onset))
    spans = []
    for one in seen:
        x, wide = days.x(one.onset.date()), text_width(one.about.name, 11.0) + 16.0
        spans.append((x - 6.0, x - 6.0 + wide) if x + wide < width - 12.0 or x < wide else (x + 6.0 - wide, x + 6.0))
    rows = lanes(spans, 4)
    used = 1 + max((row for row in rows if row is not None), default=-1)

    def draw(floor: float) -> str:
        out = []
        for one, span, row in zip(seen, spans, rows, strict=True):
            x, y = days.x(one.onset.date()), 14.0 + (row or 0) * _LANE
            colour = paint("stop" if one.serious else "warning", theme)
            name = (
                f"<title>{escape(f'{day_words(one.onset.date())}: {one.about.name}, severity {one.severity}')}</title>"
            )
            line = {"stroke": colour, "stroke_width": 0.7, "stroke_dasharray": "2 4"}
            out.append(tag("path", d=f"M{x:.1f} {y:.1f}V{floor:.1f}", **line))
            shape = f"M{x - 4.5:.1f} {y - 4.5:.1f}h9v9h-9Z" if one.serious else f"M{x:.1f} {y - 5.5:.1f}l5.5 10h-11Z"
            out.append(tag("path", name, d=shape, fill=colour))
            left = span[0] + 7.0 < x
            if row is not None:
                style = {"font_size": 11, "fill": colour, "text_anchor": "end" if left else None}
                out.append(text(x + (-9.0 if left else 9.0), y + 4.0, one.about.name, **style))
        return "".join(out)

    return draw, used


def _axis(days: Days, theme: Theme, top: float, floor: float, narrow: bool = False) -> str:
    hairline, muted = paint("hairline", theme), paint("muted", theme)
    out = []
    said = -_TICK
    for day, words in days.ticks():
        x = days.x(day)
        out.append(tag("path", d=f"M{x:.1f} {top:.1f}V{floor:.1f}", stroke=hairline, stroke_width=0.5))
        if narrow and x - said < _TICK:
            continue
        out.append(text(x, floor + 16.0, words, font_size=12 if narrow else 11, fill=muted, text_anchor="middle"))
        said = x
    if days.later:
        x = days.x(days.middle) + 0.5 * days.break_wide
        line = {"stroke": muted, "stroke_width": 1, "stroke_dasharray": "1 3"}
        out.append(tag("path", d=f"M{x:.1f} {top:.1f}V{floor:.1f}", **line))
        at, anchor = (days.right + _NARROW[1], "end") if narrow else (x + 6.0, None)
        style = {"font_size": 12 if narrow else 10, "fill": muted, "text_anchor": anchor}
        out.append(text(at, floor + 30.0, "after the course, another scale", **style))
    return "".join(out)


def _words(course: PatientCourse, today: date) -> str:
    """The picture in sentences."""
    told = [one.words for about in course.asked() if (one := course.change(about.id)) is not None]
    gone = sum(one.state == "missed" for one in course.plan(today))
    counts = f"{len(course.sessions)} sessions, {len(course.events)} adverse events, {gone} answers missing."
    return " ".join([counts, *told])


def _svg(inside: str, width: int, height: int, theme: Theme, words: str) -> str:
    head = f"<title>Course</title><desc>{escape(words)}</desc>"
    if theme == "standalone":
        dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {css_variables(dark=True)} }} }}"
        head += f"<style>:root {{ {css_variables()} }} {dark}</style>"
    if theme != "page":
        head += tag("rect", width="100%", height="100%", fill=paint("ground", theme))
    size = {"width": width, "height": height} if theme != "page" else {}
    return tag("svg", head + inside, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", role="img",
               font_family=_FONT, font_variant_numeric="tabular-nums", **size)  # fmt: skip
