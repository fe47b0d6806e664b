"""Why an appointment cannot stand in a diary, each reason in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from opentraction.care.booking.diary import Booked, Diary, Given, overlap
from opentraction.prescription.progress import shipped
from opentraction.quantities import BadInput


class NotFree(BadInput):
    """An appointment that cannot stand; the sentence says why."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        self._sentence = " ".join(sentences)
        super().__init__("appointment", self._sentence, "a time that is free")

    def sentence(self) -> str:
        return self._sentence


def least_between() -> timedelta:
    """The hours that belong between two sessions, as the course's rules say."""
    return timedelta(seconds=shipped()["G05"]["least"])


def book(diary: Diary, wish: Booked, now: datetime | None = None) -> Diary:
    """The diary with the appointment in it, in place of one of the same key. Raises NotFree."""
    why = conflicts(diary, wish, now)
    if why:
        raise NotFree(why)
    return diary.without(wish.key).with_booked(wish)


def conflicts(diary: Diary, wish: Booked, now: datetime | None = None) -> tuple[str, ...]:
    """Why `wish` cannot stand; empty where it can. What is booked under the same key already is left out of account."""
    others = diary.without(wish.key) if any(one.key == wish.key for one in diary.booked) else diary
    return (*_when(others, wish, now), *_resources(others, wish), *_patient(others, wish))


def _when(diary: Diary, wish: Booked, now: datetime | None) -> Iterator[str]:
    if now is not None and wish.start < now:
        yield "That time is over. Choose a later one."
    stretches = diary.open_on(diary.day(wish.start))
    if not any(start <= wish.start and wish.end <= end for start, end in stretches):
        yield "The clinic is closed then. Choose a time within its hours."


def _resources(diary: Diary, wish: Booked) -> Iterator[str]:
    for need in wish.kind.needs:
        if sum(one.kind == need for one in wish.resources) != 1:
            yield f"A {wish.kind.title.lower()} needs one {need}."
    for one in wish.resources:
        if one.kind not in wish.kind.needs:
            yield f"A {wish.kind.title.lower()} needs no {one.kind}."
        elif not one.in_service:
            yield f"{one.name} is out of service."
        elif not one.serves(wish.kind):
            yield f"{one.name} is not there for this kind of appointment."
        if diary.is_taken(one, wish.held(one)):
            yield f"{one.name} is taken then."


def _patient(diary: Diary, wish: Booked) -> Iterator[str]:
    mine = diary.of(wish.patient)
    if any(overlap((one.start, one.end), (wish.start, wish.end)) for one in mine):
        yield "The patient has another appointment then."
    if not wish.kind.session:
        return
    booked = [one for one in mine if one.kind.session]
    given = [one for one in diary.given if one.patient == wish.patient]
    sessions: list[Booked | Given] = [*given, *booked]
    if any(diary.day(one.start) == diary.day(wish.start) for one in given):
        yield "The patient was treated that day. One session a day is the most."
    elif any(diary.day(one.start) == diary.day(wish.start) for one in booked):
        yield "The patient has a session that day. One a day is the most."
    elif any(_too_close(one, wish) for one in sessions):
        hours = least_between().total_seconds() / 3600.0
        yield f"At least {hours:.0f} h belong between two sessions."


def _too_close(one: Booked | Given, two: Booked) -> bool:
    first, second = sorted((one, two), key=lambda each: each.start)
    return second.start - first.end < least_between()
