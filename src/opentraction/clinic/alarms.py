"""What stops or alarms a patient now, whoever told it: intake, check of the day, examination, adverse event, home.

Every page asks here: the red line on the lists, the road, the roads side by side, booking, prescribing, the portal.
What may be pulled at this minute is the gate's to say (`clearance.py`); this is what stands until a clinician settles
it. The sentences are clinical: whoever may not look is told no more than `NEUTRAL`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opentraction.care.adverse import response, taxonomy
from opentraction.care.adverse.taxonomy import SEVERE
from opentraction.care.home import ALL
from opentraction.care.home.stops import StopRule, stop_rules
from opentraction.clinic.asked_once import asked_once
from opentraction.clinic.home.models import Cleared, HomeEntry
from opentraction.clinic.home.standing import came_in, standing
from opentraction.clinic.intake.models import Screening, VisitCheckRow
from opentraction.clinic.intake.standing import ANYWHERE
from opentraction.clinic.models import Clinic, Patient
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow, ExaminationRow
from opentraction.clinic.outcomes.models.adverse import with_looks
from opentraction.clinic.outcomes.signs import examined_since
from opentraction.quantities import BadInput, State
from opentraction.screening import Action

Level = Literal["emergency", "urgent", "stop"]
LEVELS: Final[tuple[Level, ...]] = ("emergency", "urgent", "stop")
"""Act now; to a surgeon or a hospital today; no pull until a clinician has settled it."""
_OF_ACTION: Final[dict[str, Level]] = {"EMERGENCY": "emergency", "REFER_URGENT": "urgent", "EXCLUDE": "stop"}
_OF_URGENCY: Final[dict[str, Level]] = {"emergency": "emergency", "urgent": "urgent"}
_CAUDA, _DEATH = "R01", 5
EMERGENCY_NUMBER: Final = "911"
"""Codes, prices and directory are those of the United States; where a page has room it names the European one too."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One reason. `step` is where on the road it is settled, `url` what to open, `at` when it was told."""

    patient: Patient
    step: str
    level: Level
    because: str
    url: str
    at: datetime


class Stopped(BadInput):
    """Something is refused because the patient is stopped: one sentence of its own."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence
        super().__init__("patient", State("stopped"), sentence)

    def sentence(self) -> str:
        return self._sentence


def neutral() -> str:
    """What the front desk is told, who may not see why."""
    return _("No session on the table can be booked for this patient now. Ask a clinician.")


@asked_once
def alarms_of(patient: Patient, now: datetime) -> tuple[Alarm, ...]:
    """Everything that stops or alarms one patient at `now`, the gravest first. What cannot be read stops too."""
    return tuple(sorted(_all(Q(patient=patient), [patient], now), key=_gravest))


def in_emergency(patient: Patient, now: datetime) -> bool:
    """Whether somebody has to act at once."""
    return any(one.level == "emergency" for one in alarms_of(patient, now))


def why_stopped(patient: Patient, now: datetime, *, look: bool) -> str:
    """Why nothing that leads to the table is done for a patient, as one sentence; the neutral one for who may not look.

    Empty where nothing stops them.
    """
    found = alarms_of(patient, now)
    if not found:
        return ""
    said = _("Not on the table until a clinician has settled this. {why}")
    return said.format(why=found[0].because) if look else neutral()


def emergencies_in(clinic: Clinic | int, now: datetime) -> list[Alarm]:
    """The emergencies of a whole clinic, one for each patient, the newest first: a handful of questions in all."""
    ours = Q(patient__clinic=clinic)
    found = [one for one in _all(ours, _told_at_home(ours, emergency=True), now) if one.level == "emergency"]
    newest: dict[int, Alarm] = {}
    for one in sorted(found, key=lambda alarm: alarm.at, reverse=True):
        newest.setdefault(one.patient.pk, one)
    return list(newest.values())


def stopped_among(patients: Iterable[int], now: datetime) -> frozenset[int]:
    """Those of these patients for whom no session on the table is booked: a handful of questions for a whole day."""
    keys = set(patients)
    if not keys:
        return frozenset()
    ours = Q(patient__in=keys)
    return frozenset(one.patient.pk for one in _all(ours, _told_at_home(ours), now))


def _gravest(one: Alarm) -> tuple[int, float]:
    return LEVELS.index(one.level), -one.at.timestamp()


def _all(whose: Q, at_home: Iterable[Patient], now: datetime) -> Iterator[Alarm]:
    yield from _screenings(whose, now)
    yield from _checks(whose, now)
    yield from _examinations(whose, now)
    yield from _events(whose, now)
    yield from (alarm for one in at_home for alarm in _home(one, now))


def _screenings(whose: Q, now: datetime) -> Iterator[Alarm]:
    """The newest verdict of each region. An exclusion at the neck does not forbid the back; what is urgent does."""
    newest = Screening.objects.filter(patient=OuterRef("patient"), region=OuterRef("region"), decided__lte=now)
    rows = Screening.objects.filter(
        whose, action__in=_OF_ACTION, pk=Subquery(newest.order_by("-decided", "-id").values("pk")[:1])
    )
    for row in rows.select_related("patient__clinic", "override"):
        own = row.region == row.patient.region or row.action in ANYWHERE
        if own and not hasattr(row, "override"):
            level, url = _OF_ACTION[row.action], row.get_absolute_url()
            yield Alarm(row.patient, "intake", level, _verdict(row), url, row.decided)


def _verdict(row: Screening) -> str:
    """Its gravest reasons, in the clinic's words."""
    try:
        worst = [one for one in row.verdict.reasons if one.action is Action[row.action]]
    except BadInput as refusal:
        return str(refusal)
    known = list(dict.fromkeys(one.clinical.rstrip(".") for one in worst if one.known))
    said = "; ".join(known[:3]) or row.action.replace("_", " ").lower()
    return _("The answers of the intake: {what}.").format(what=said)


def _checks(whose: Q, now: datetime) -> Iterator[Alarm]:
    """What a check of the day said that its region's screening has not seen; a later, calm check settles nothing."""
    newest = Screening.objects.filter(patient=OuterRef("patient"), region=OuterRef("region"), decided__lte=now)
    since = Subquery(newest.order_by("-decided", "-id").values("decided")[:1])
    rows = VisitCheckRow.objects.filter(whose, action__in=_OF_ACTION, at__lte=now).annotate(since=since)
    for row in rows.select_related("patient__clinic"):
        if row.since is None or row.since < row.at:
            url = reverse("intake:visit-check", args=[row.patient_id])
            yield Alarm(row.patient, "visit", _OF_ACTION[row.action], _asked(row), url, row.at)


def _asked(row: VisitCheckRow) -> str:
    try:
        worst = [one.clinical.rstrip(".") for one in row.check_made.reasons if one.action is Action[row.action]]
    except BadInput as refusal:
        return str(refusal)
    return _("The check of the day: {what}.").format(what="; ".join(worst))


def _examinations(whose: Q, now: datetime) -> Iterator[Alarm]:
    """A deficit that an examination found and no clinician has lifted."""
    rows = ExaminationRow.objects.filter(whose, stops=True, lifted=None, at__lte=now, **COUNTS)
    for row in rows.select_related("patient__clinic").order_by("-taken", "-id"):
        level: Level = "emergency" if any(one["rule"] == _CAUDA for one in row.grave) else "urgent"
        what = "; ".join(str(one["words"]).rstrip(".") for one in row.grave[:3])
        said = _("The examination of {day}: {what}.").format(day=_day(row.taken), what=what)
        yield Alarm(row.patient, "outcomes", level, said, reverse("outcomes:examination", args=[row.pk]), row.at)


def _events(whose: Q, now: datetime) -> Iterator[Alarm]:
    """Adverse events that are open and hold everything up; a death does for good."""
    kinds = [key for key, about in taxonomy().kinds.items() if about.holds or about.stop == "course"]
    grave = Q(serious=True) | Q(severity__gte=SEVERE) | Q(kind__in=kinds)
    rows = AdverseEventRow.objects.filter(whose, grave, at__lte=now, **COUNTS).select_related("patient__clinic")
    for row in with_looks(rows):
        if (row.holds and row.is_open) or row.severity == _DEATH:
            said = _("Adverse event of {day}, open: {what}.")
            words = said.format(day=_day(row.onset), what=taxonomy().kinds[row.kind].name)
            yield Alarm(row.patient, "outcomes", _urgency(row), words, row.get_absolute_url(), row.at)


def _urgency(row: AdverseEventRow) -> Level:
    if row.severity == _DEATH:
        return "stop"
    try:
        return _OF_URGENCY.get(response(row.event).urgency, "stop")
    except BadInput:  # altered: as grave as its kind
        return _OF_URGENCY.get(taxonomy().kinds[row.kind].urgency, "stop")


def _told_at_home(whose: Q, *, emergency: bool = False) -> list[Patient]:
    """Whoever has told something at home that may stop everything: those to look at more closely."""
    rules = [one for one in stop_rules().values() if one.scope == "all" and one.then != "lower"]
    told = Q(pk=None)
    for rule in rules:
        told |= _may_fire(rule) if rule.then == "emergency" or not emergency else Q(pk=None)
    over = Cleared.objects.filter(patient=OuterRef("patient"), exercise=ALL, at__gte=OuterRef("received"))
    rows = HomeEntry.objects.filter(whose, told).exclude(Exists(over))
    return list(Patient.objects.filter(pk__in=rows.values("patient")).select_related("clinic"))


def _may_fire(rule: StopRule) -> Q:
    """What every entry that meets the rule has; some others have it too."""
    if rule.test == "sign":
        return Q(document__signs__0__isnull=False)
    if rule.test in {"leg", "dizzy"}:
        return Q(**{f"document__{rule.test}": True if rule.test == "dizzy" else rule.wanted})
    return Q(document__nrs_after__gte=int(rule.wanted))


def _home(patient: Patient, now: datetime) -> Iterator[Alarm]:
    """What was told at home and ends everything, until a clinician lets on or somebody has examined since."""
    url = reverse("home_programme:programme", args=[patient.pk])
    try:
        here = standing(patient, now)
        grave = [one for one in here.why() if one[1].scope == "all" and one[1].then != "lower"]
    except BadInput as refusal:
        yield Alarm(patient, "home", "stop", str(refusal), url, now)
        return
    open_ = [one for one in grave if not examined_since(patient, came_in(patient, one[0]), now)]
    for entry, rule in sorted(open_, key=lambda one: one[1].then != "emergency")[:1]:
        level: Level = "emergency" if rule.then == "emergency" else "urgent"
        said = _("Told at home on {day}: {what}").format(day=_day(entry.at), what=_first(rule.text))
        yield Alarm(patient, "home", level, said, url, entry.at)


def _first(text: str) -> str:
    """The sign alone; the rest of the sentence is said to the patient."""
    return text.split(". ", maxsplit=1)[0].rstrip(".") + "."


def _day(moment: date) -> str:
    return date_format(moment, "j F Y")
