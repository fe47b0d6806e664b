"""Two pictures for the evidence page: effects of compared studies, and how many herniations shrink without surgery.

Studies without a comparison group stand apart, grey and on no common scale: what they report is no effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from opentraction.care.evidence.natural_history import Regression, natural_history
from opentraction.care.evidence.sheet import LINE, PAD, Scale, Sheet
from opentraction.care.evidence.studies import Effect, Study, studies
from opentraction.drawing.palette import Theme

WIDE: Final = 720
NARROW: Final = 340
_ENDS: Final = ("less with traction", "more with traction")
_REGION: Final = {"lumbar": "low back", "cervical": "neck"}


def forest(width: int = WIDE, theme: Theme = "page", texts: Mapping[str, str] | None = None) -> str:
    """Every effect we have a number for, studies that found none, and uncontrolled series apart. SVG text.

    `width` [px]: 720 for a desk, 340 for a phone; text keeps its size. `texts`: `evidence_texts` of a language.
    """
    sheet = Sheet(width, theme, texts)
    _no_difference(sheet)  # first: they are the larger part, and a picture of the others alone would mislead
    _effects(sheet)
    _uncontrolled(sheet)
    return sheet.svg(
        sheet.say("Traction compared with other care"),
        sheet.say(
            "Differences between groups with their intervals, studies that found no difference, and series without a "
            "comparison group, which show no effect."
        ),
    )


def shrinking(width: int = WIDE, theme: Theme = "page", texts: Mapping[str, str] | None = None) -> str:
    """Herniations that shrank without surgery, over all with its interval and by type. SVG text."""
    natural = natural_history()
    sheet = Sheet(width, theme, texts)
    sheet.write(sheet.say("Herniations that shrink without surgery, of 100 people"), weight=600)
    scale = Scale(0, 100, PAD, width - 60.0)
    _bar(
        sheet,
        scale,
        natural.pooled,
        f"{natural.studies} {sheet.say('studies')}, {natural.people:,} {sheet.say('people')}",
    )
    for one in natural.by_type:
        _bar(sheet, scale, one, sheet.say(one.plain))
    sheet.space(PAD)
    sheet.write(sheet.say("By type: a second review, without intervals in what we read."), "muted")
    pooled = natural.pooled
    about = sheet.say("About {percent:g} of 100, from {low:g} to {high:g}; ")
    numbers = about.format(percent=pooled.percent, low=pooled.low, high=pooled.high)
    return sheet.svg(
        sheet.say("Herniations that shrink without surgery"),
        numbers + ", ".join(f"{sheet.say(one.label)} {one.percent:g}" for one in natural.by_type),
    )


def _effects(sheet: Sheet) -> None:
    rows = [(study, effect) for study in studies() for effect in study.effects]
    sheet.write(sheet.say("Compared, and a difference measured"), weight=600)
    sheet.write(sheet.say("Points of 100. Grey: the smallest difference people notice."), "muted")
    hundred = [row for row in rows if row[1].scale == "percent"]
    _scaled(sheet, hundred, sheet.scale(-26, 6), (-25, -20, -15, -10, -5, 0, 5))
    pooled = "Pooled small trials, in standard deviations. Nobody agreed here on a smallest difference."
    sheet.write(sheet.say(pooled), "muted")
    _scaled(sheet, [row for row in rows if row[1].scale == "sd"], sheet.scale(-1.8, 0.4), (-1.5, -1.0, -0.5, 0))


def _scaled(sheet: Sheet, rows: list[tuple[Study, Effect]], scale: Scale, ticks: tuple[float, ...]) -> None:
    for study, effect in rows:
        _effect(sheet, scale, study, effect)
    sheet.ticks(scale, ticks, (sheet.say(_ENDS[0]), sheet.say(_ENDS[1])))
    sheet.space(PAD)


def _effect(sheet: Sheet, scale: Scale, study: Study, effect: Effect) -> None:
    open_ended = sheet.say(", no interval given") if effect.low is None else ""
    what = f"{sheet.say(effect.label)}, {sheet.say(_REGION[study.region])}{open_ended}"
    sheet.write(f"{_name(sheet, study)}, {study.year}: {what}")
    y = sheet.y + 9.0
    sheet.post(scale.x(0.0), y - 9.0, y + 11.0, "muted")
    if effect.worthwhile:
        low, high = effect.worthwhile
        wide = max(high - low, 0.3)  # a single agreed value is still to be seen
        sheet.block(scale.x(-low - wide if low == high else -high), scale.x(-low), y - 8.0, 16.0, "phase-strong")
    if effect.low is not None and effect.high is not None:
        sheet.rule(scale.x(effect.low), scale.x(effect.high), y, "measured", stroke_width=2)
    sheet.square(scale.x(effect.value), y, 9.0, "measured")
    sheet.space(LINE + 4.0)


def _no_difference(sheet: Sheet) -> None:
    sheet.write(sheet.say("Compared with other care or a sham, and no difference found"), weight=600)
    sheet.write(sheet.say("They have no mark: what we read gives no size."), "muted")
    for study in studies():
        if study.direction == "no difference" and not study.effects:
            size = study.sized(sheet.say)
            sheet.write(f"= {_name(sheet, study)}, {study.year}" + (f" ({size})" if size else ""))
    sheet.space(2 * PAD)


def _uncontrolled(sheet: Sheet) -> None:
    sheet.rule(PAD, sheet.width - PAD, sheet.y, "muted", stroke_dasharray="4 4")
    sheet.space(PAD)
    sheet.write(sheet.say("Not compared with anything"), weight=600)
    sheet.write(
        sheet.say("Nobody knows how these people would have fared without the table. This is no effect."), "muted"
    )
    for study in studies():
        if study.direction == "uncontrolled":
            _series(sheet, study)


def _series(sheet: Sheet, study: Study) -> None:
    told = f": {study.share.percent:g} % {sheet.say(study.share.label)}" if study.share else ""
    told += f": {sheet.say(study.before_after.label)}" if study.before_after else ""
    sheet.write(f"{_name(sheet, study)}, {study.year} ({study.sized(sheet.say)}){told}", "muted")
    change = study.before_after
    if change is None:
        return
    scale = Scale(0, change.top, 14.0, min(sheet.width - 14.0, 314.0))
    y = sheet.y + 12.0
    sheet.rule(scale.left, scale.right, y)
    sheet.rule(scale.x(change.after), scale.x(change.before), y, "prescribed", stroke_dasharray="3 3", stroke_width=1.5)
    for value, word in ((change.before, "before"), (change.after, "after")):
        sheet.ring(scale.x(value), y, 4.5, "prescribed")
        sheet.label(scale.x(value), f"{sheet.say(word)} {value:g}", y + 20.0)
    sheet.space(LINE + 20.0)


def _bar(sheet: Sheet, scale: Scale, one: Regression, note: str) -> None:
    sheet.write(f"{sheet.say(one.label)}: {note}" if note else sheet.say(one.label))
    y = sheet.y + 2.0
    sheet.block(scale.left, scale.right, y, 14.0, "phase")
    sheet.block(scale.left, scale.x(one.percent), y, 14.0, "spine")
    if one.low is not None and one.high is not None:
        sheet.rule(scale.x(one.low), scale.x(one.high), y + 7.0, "ink", stroke_width=2)
        for end in (one.low, one.high):
            sheet.post(scale.x(end), y + 2.0, y + 12.0, "ink", stroke_width=2)
    sheet.label(scale.right + 10.0, f"{one.percent:g}", y + 12.0, "start", "ink")
    sheet.space(LINE + PAD)


def _name(sheet: Sheet, study: Study) -> str:
    return sheet.texts.get(f"study.{study.id}.name", study.name)
