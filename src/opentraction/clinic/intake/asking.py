"""One screen, asked and answered: the same for staff at the desk and for the patient on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest

from opentraction.clinic.days import day_at
from opentraction.clinic.intake.actions import intakes
from opentraction.clinic.intake.answering import Read, read_screen, wanted
from opentraction.clinic.intake.fields import Beside, fields_of
from opentraction.clinic.intake.models import Intake, Screening
from opentraction.clinic.intake.screens import Screen, asked_now, neighbours
from opentraction.clinic.intake.wording import words
from opentraction.screening import page_title

END = "end"
"""Where to go after the last screen."""


@dataclass
class Asking:
    """Who answers: `by` is nobody for the patient, who sees only their own part and may leave nothing empty."""

    intake: Intake
    screen: Screen
    now: datetime
    by: User | None = None

    @property
    def own(self) -> bool:
        return self.by is None

    @property
    def language(self) -> str:
        return self.intake.language if self.own else "en"


@dataclass
class Answered:
    """What came of a post. `goto` names the next screen, `END`, or nothing where this one is shown again."""

    read: Read
    goto: str
    alarm: Screening | None = None


def preview(request: HttpRequest, one: Asking) -> Read:
    """What the answers on the page would make appear; nothing is kept and nothing is refused."""
    read = _read(request, one)
    read.refusals, read.open, read.new = {}, [], []
    return read


def answered(request: HttpRequest, one: Asking) -> Answered:
    """Keep what was posted and say where to go. Raises Frozen when the intake was completed meanwhile."""
    read, do = _read(request, one), request.POST.get("do", "next")
    before, after = neighbours(one.screen, read.answers, one.intake.region, one.own)
    if do == "back":
        goto = before or one.screen.id
    elif do.startswith("speak-"):
        goto = one.screen.id
    elif read.refusals:
        goto = ""
    elif do in {"stay", "later"} or do.startswith("remove-"):
        goto = one.screen.id
    elif one.own and read.open:
        goto = ""
    else:
        goto = one.screen.id if read.new else after or END
    asked = [question.id for question in one.screen.questions]
    position = goto if goto not in {"", END} else one.screen.id
    alarm = intakes.answer(one.intake, asked, read.answers, read.typed, position, by=one.by, now=one.now)
    return Answered(read, goto, alarm)


def _read(request: HttpRequest, one: Asking) -> Read:
    today = day_at(one.intake.patient.clinic, one.now)
    before = one.intake.known
    for question in one.screen.questions if one.own else ():
        if question.id not in one.intake.own:
            before.pop(question.id, None)
    return read_screen(one.screen, one.intake.region, before, request.POST, today, one.language)


def page(request: HttpRequest, one: Asking, read: Read | None = None, **more: Any) -> dict[str, Any]:
    """Everything the page of a screen shows."""
    shown = read or Read(one.intake.known)
    _want_all(one, read)
    beside = _beside(request, one, read, more.pop("suggestions", {}))
    fields = fields_of(one.screen, one.intake.region, shown, one.language, beside)
    _mark_new(request, fields)
    written = {
        "fields": fields,
        "more": any(field.new for field in fields),
        "wrong": bool(read and read.refusals),
    }
    return _heading(one) | _whereabouts(one, shown.answers) | written | more


def _want_all(one: Asking, read: Read | None) -> None:
    """A patient leaves nothing empty."""
    if read is not None and one.own:
        asked = {question.id: question for question in one.screen.questions}
        for key in read.open:
            read.refusals.setdefault(key, wanted(asked[key], one.language))


def _beside(request: HttpRequest, one: Asking, read: Read | None, suggestions: Mapping[str, str]) -> Beside:
    """What a field shows beside its answer; patients see none that is not their own."""
    shown = read or Read(one.intake.known)
    return Beside(
        typed=one.intake.typed | shown.typed,
        post=request.POST if request.method == "POST" else None,
        pointed=request.GET.dict(),
        suggestions=suggestions,
        hidden=set() if not one.own or read else {*shown.answers} - set(one.intake.own),
    )


def _heading(one: Asking) -> dict[str, Any]:
    screen, said = one.screen, words(one.language)
    return {
        "intake": one.intake,
        "screen": screen,
        "w": said,
        "language": one.language,
        "title": page_title(screen.page, one.language),
        "part": said["page"]["part"].format(n=screen.part, m=screen.parts) if screen.parts > 1 else "",
    }


def _whereabouts(one: Asking, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Which page of how many, and the one before."""
    every = [screen.id for screen in asked_now(answers, one.intake.region, one.own)]
    n, m = every.index(one.screen.id) + 1 if one.screen.id in every else len(every), len(every)
    before, _ = neighbours(one.screen, answers, one.intake.region, one.own)
    said = words(one.language)["page"]["page"].format(n=n, m=m)
    return {"progress": said, "n": n, "m": m, "before": before, "last": n == m}


def _mark_new(request: HttpRequest, fields: list[Any]) -> None:
    """After a post that opened more questions the page says which: they are the ones without an answer."""
    if "more" in request.GET:
        for field in fields:
            answered = field.value or field.ticked or field.unknown or field.cells or field.chart
            field.new = field.new or not answered
