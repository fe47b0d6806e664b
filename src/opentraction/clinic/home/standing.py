"""How a patient stands with the home programme today: what is ordered, what was logged, what stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opentraction.care.home import ALL, Held, HomeProgramme, LogEntry, StopRule, exercises, programme_for
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.days import local
from opentraction.clinic.home.facts import facts_now
from opentraction.clinic.home.models import Cleared, HomeEntry, ProgrammeRow
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.signs import examined_since
from opentraction.clinic.sessions_of import sessions_of
from opentraction.quantities import BadInput


@dataclass(frozen=True)
class Standing:
    """The order that counts, and what follows from it and the log at `now`; no programme while nothing is ordered."""

    patient: Patient
    now: datetime
    order: ProgrammeRow | None
    log: tuple[LogEntry, ...]
    cleared: dict[str, datetime]

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.now.date()

    @property
    def week(self) -> int:
        """Week of the programme, the first is 1."""
        return week_of(self.order.began, self.today) if self.order else 1

    @cached_property
    def programme(self) -> HomeProgramme | None:
        """What to do at home now."""
        return self.made(self.order.ordered, self.week) if self.order else None

    def made(self, ordered: list[str], week: int) -> HomeProgramme:
        """What an order would say now. Raises BadInput."""
        facts = facts_now(self.patient, self.now)
        ended = max(pulls(self.patient), default=None)
        return programme_for(
            facts, week, self.now, log=self.log, ordered=ordered, cleared=self.cleared, session_ended=ended
        )

    @property
    def stopped(self) -> list[Held]:
        """Exercises that a rule has stopped, of all of them or of one."""
        return [held for held in self.programme.held if held.kind == "stopped"] if self.programme else []

    @property
    def everything_stopped(self) -> bool:
        """Whether nothing goes on until a clinician says so."""
        return self.programme is not None and self.programme.stop is not None

    def why(self) -> list[tuple[LogEntry, StopRule]]:
        """What was logged since somebody last let on, and which rules it met; the newest first."""
        since = [one for one in self.log if not self._over(one)]
        return [(one, rule) for one in reversed(since) for rule in met(one) if rule.then != "lower" or self._holds(one)]

    @property
    def grave(self) -> tuple[LogEntry, StopRule] | None:
        """The newest entry that ends everything at home until a clinician says so, whatever is ordered now."""
        return next((each for each in self.why() if each[1].scope == "all" and each[1].then != "lower"), None)

    def _over(self, entry: LogEntry) -> bool:
        times = [self.cleared[key] for key in (ALL, entry.exercise) if key in self.cleared]
        return bool(times) and entry.at <= max(times)

    def _holds(self, entry: LogEntry) -> bool:
        """A lesser rule is told where it came to a stop all the same: two in a row do."""
        return any(held.exercise == entry.exercise for held in self.stopped)


def standing(patient: Patient, now: datetime) -> Standing:
    """Asked of the database: an order, the log, what was let go. Raises BadInput where a row was altered."""
    here = local(patient.clinic, now)
    order = newest_order(patient)
    cleared = cleared_of(patient)
    return Standing(patient, here, None if order is None or order.ended else order, log_of(patient, here), cleared)


def stops_today(patient: Patient, now: datetime) -> str:
    """What was told at home that forbids a pull too, in a sentence; empty where nothing was.

    It stands until a clinician lets the patient go on, or has examined them since.
    """
    try:
        grave = standing(patient, now).grave
    except BadInput as refusal:
        return _("What was told at home cannot be read: {why}").format(why=refusal)
    if grave is None or examined_since(patient, came_in(patient, grave[0]), now):
        return ""
    said = _("Told at home on {day}: {what} Examine the patient, then let them go on.")
    return said.format(day=date_format(grave[0].at, "j F Y"), what=grave[1].text)


def came_in(patient: Patient, entry: LogEntry) -> datetime:
    """When the clinic could know of it: a phone without a line sends later."""
    received = HomeEntry.objects.filter(patient=patient, uid=entry.id).values_list("received", flat=True).first()
    return received or entry.at


@asked_once
def newest_order(patient: Patient) -> ProgrammeRow | None:
    """The newest order, which may be that the programme ended."""
    return ProgrammeRow.objects.filter(patient=patient).order_by("-id").first()


@asked_once
def cleared_of(patient: Patient) -> dict[str, datetime]:
    """When a clinician last said to go on, by exercise."""
    return {row.exercise: row.at for row in _let_go(patient)}


@asked_once
def _let_go(patient: Patient) -> tuple[Cleared, ...]:
    return tuple(Cleared.objects.filter(patient=patient).order_by("id"))


@asked_once
def log_of(patient: Patient, now: datetime) -> tuple[LogEntry, ...]:
    """Everything logged, in the zone of `now`.

    An entry that came in after a clinician had let on was not known to them: it counts from when it came.
    """
    let = [(row.exercise, row.at) for row in _let_go(patient)]
    rows = HomeEntry.objects.filter(patient=patient)
    return tuple(sorted((_told(row, let, now) for row in rows), key=lambda one: (one.at, one.id)))


def _told(row: HomeEntry, let: list[tuple[str, datetime]], now: datetime) -> LogEntry:
    unseen = any(what in {ALL, row.exercise} and row.at <= at < row.received for what, at in let)
    return row.entry((row.received if unseen else row.at).astimezone(now.tzinfo))


def week_of(began: date, today: date) -> int:
    """The week that a programme of that beginning is in."""
    return max(0, (today - began).days) // 7 + 1


def pulls(patient: Patient) -> list[datetime]:
    """When the sessions on the table ended, the first one first."""
    return sorted(row.ended for row in sessions_of(patient) if row.ended is not None and row.pulled)


def met(entry: LogEntry) -> list[StopRule]:
    """The stop rules of its exercise that an entry meets."""
    return [rule for rule in exercises()[entry.exercise].stops if rule.fires(entry)]
