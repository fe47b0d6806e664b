"""Where alarms come from: verdicts, checks of the day, examinations, adverse events, what was told at home."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opentraction.care.adverse import response, taxonomy
from opentraction.care.adverse.taxonomy import SEVERE
from opentraction.care.home import ALL
from opentraction.care.home.stops import StopRule, stop_rules
from opentraction.clinic.alarms.alarm import LEVELS, Alarm, Level, Told
from opentraction.clinic.home.models import Cleared, HomeEntry
from opentraction.clinic.home.standing import standing
from opentraction.clinic.intake.models import Screening, SeenAlarm, VisitCheckRow
from opentraction.clinic.intake.standing import ANYWHERE
from opentraction.clinic.models import Patient
from opentraction.clinic.outcomes.models import COUNTS, AdverseEventRow, ExaminationRow
from opentraction.clinic.outcomes.models.adverse import CLOSED, with_looks
from opentraction.clinic.outcomes.signs import examined_since
from opentraction.quantities import BadInput
from opentraction.screening import Action

_OF_ACTION: Final[dict[str, Level]] = {"EMERGENCY": "emergency", "REFER_URGENT": "urgent", "EXCLUDE": "stop"}
_OF_URGENCY: Final[dict[str, Level]] = {"emergency": "emergency", "urgent": "urgent"}
_CAUDA, _DEATH = "R01", 5
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Search:
    """Which patients, as of when, which levels, and whether what somebody has seen to is left out.

    The database leaves out what is not asked for: a clinic has many whom it will not treat.
    """

    whose: Q
    now: datetime
    levels: tuple[Level, ...] = LEVELS
    unseen: bool = False

    @property
    def actions(self) -> list[str]:
        """Those of screening that are of these levels."""
        return [action for action, level in _OF_ACTION.items() if level in self.levels]

    def among(self, rows: QuerySet[Row], since: str, kind: str = "") -> QuerySet[Row]:
        """Those of the rows that count. `since` names the column that says from when on the clinic could know.

        `kind` is what their rows are called in `SeenAlarm`, where the row alone says what was seen to.
        """
        ours = rows.filter(self.whose, **{f"{since}__lte": self.now})
        if not (self.unseen and kind):
            return ours
        return ours.exclude(Exists(SeenAlarm.objects.filter(kind=kind, number=OuterRef("pk"))))

    def counting(self, alarms: Iterable[Alarm]) -> list[Alarm]:
        """Those of the alarms that are asked for: one question for all."""
        asked = [one for one in alarms if one.level in self.levels]
        if not self.unseen:
            return asked
        seen = seen_among([told for one in asked for told in one.told])
        return [one for one in asked if not one.told <= seen.keys()]


def seen_among(told: Iterable[Told]) -> dict[Told, SeenAlarm]:
    """What somebody has seen to, with the newest time they did."""
    asked = set(told)
    if not asked:
        return {}
    numbers = {one.number for one in asked}
    rows = SeenAlarm.objects.filter(number__in=numbers).select_related("seen_to__by").order_by("id")
    every = {Told(row.kind, row.number, row.time): row for row in rows}
    return {one: every[one] for one in asked & every.keys()}


def found(search: Search, at_home: list[Patient] | None = None) -> list[Alarm]:
    """Every alarm that is asked for. `at_home`: whom to look at for what was told at home; None finds them."""
    every = [one for source in (_screenings, _checks, _examinations, _events) for one in source(search)]
    for patient in _told_at_home(search) if at_home is None else at_home:
        every += _home(patient, search)
    return search.counting(every)


def _screenings(search: Search) -> Iterator[Alarm]:
    """The newest verdict of each region. An exclusion at the neck does not forbid the back; what is urgent does."""
    newest = Subquery(_newest(search).values("pk")[:1])
    rows = search.among(Screening.objects.filter(action__in=search.actions, pk=newest), "decided", "screening")
    for row in rows.select_related("patient__clinic", "override"):
        own = row.region == row.patient.region or row.action in ANYWHERE
        if own and not hasattr(row, "override"):
            level, url = _OF_ACTION[row.action], row.get_absolute_url()
            yield Alarm(row.patient, "intake", level, _verdict(row), url, row.decided, _by("screening", row))


def _newest(search: Search) -> QuerySet[Screening]:
    """The verdicts of the row's patient and region, the newest first."""
    theirs = Screening.objects.filter(patient=OuterRef("patient"), region=OuterRef("region"), decided__lte=search.now)
    return theirs.order_by("-decided", "-id")


def _verdict(row: Screening) -> str:
    """Its gravest reasons, in the clinic's words."""
    try:
        worst = [one for one in row.verdict.reasons if one.action is Action[row.action]]
    except BadInput as refusal:
        return str(refusal)
    known = list(dict.fromkeys(one.clinical.rstrip(".") for one in worst if one.known))
    said = "; ".join(known[:3]) or row.action.replace("_", " ").lower()
    return _("The answers of the intake: {what}.").format(what=said)


def _checks(search: Search) -> Iterator[Alarm]:
    """What a check of the day said that its region's screening has not seen; a later, calm check settles nothing."""
    rows = search.among(VisitCheckRow.objects.filter(action__in=search.actions), "at", "visit")
    for row in rows.annotate(since=Subquery(_newest(search).values("decided")[:1])).select_related("patient__clinic"):
        if row.since is None or row.since < row.at:
            url, level = reverse("intake:visit-check", args=[row.patient_id]), _OF_ACTION[row.action]
            yield Alarm(row.patient, "visit", level, _asked(row), url, row.at, _by("visit", row))


def _asked(row: VisitCheckRow) -> str:
    try:
        worst = [one.clinical.rstrip(".") for one in row.check_made.reasons if one.action is Action[row.action]]
    except BadInput as refusal:
        return str(refusal)
    return _("The check of the day: {what}.").format(what="; ".join(worst))


def _examinations(search: Search) -> Iterator[Alarm]:
    """A deficit that an examination found and no clinician has lifted."""
    rows = search.among(ExaminationRow.objects.filter(stops=True, lifted=None, **COUNTS), "at", "examination")
    for row in rows.select_related("patient__clinic").order_by("-taken", "-id"):
        level: Level = "emergency" if any(one["rule"] == _CAUDA for one in row.grave) else "urgent"
        what = "; ".join(str(one["words"]).rstrip(".") for one in row.grave[:3])
        said = _("The examination of {day}: {what}.").format(day=_day(row.taken), what=what)
        url = reverse("outcomes:examination", args=[row.pk])
        yield Alarm(row.patient, "outcomes", level, said, url, row.at, _by("examination", row))


def _events(search: Search) -> Iterator[Alarm]:
    """Adverse events that are open and hold everything up; a death does for good."""
    kinds = [key for key, about in taxonomy().kinds.items() if about.holds or about.stop == "course"]
    grave = Q(serious=True) | Q(severity__gte=SEVERE) | Q(kind__in=kinds)
    rows = search.among(AdverseEventRow.objects.filter(grave, **COUNTS), "at")
    for row in with_looks(rows.select_related("patient__clinic")):
        if (row.holds and row.is_open) or row.severity == _DEATH:
            said = _("Adverse event of {day}, open: {what}.")
            words = said.format(day=_day(row.onset), what=taxonomy().kinds[row.kind].name)
            time, at = _opened(row)
            told = _by("event", row, time)
            yield Alarm(row.patient, "outcomes", _urgency(row), words, row.get_absolute_url(), at, told)


def _opened(row: AdverseEventRow) -> tuple[int, datetime]:
    """How often the event was closed before, and since when it is open."""
    closed = [n for n, look in enumerate(row.looks) if look.status == CLOSED]
    again = row.looks[closed[-1] + 1 :] if closed else []
    return len(closed), again[0].at if again else row.at


def _urgency(row: AdverseEventRow) -> Level:
    if row.severity == _DEATH:
        return "stop"
    try:
        return _OF_URGENCY.get(response(row.event).urgency, "stop")
    except BadInput:  # altered: as grave as its kind
        return _OF_URGENCY.get(taxonomy().kinds[row.kind].urgency, "stop")


def _told_at_home(search: Search) -> list[Patient]:
    """Whoever has told something at home that may stop everything: those to look at more closely."""
    rules = [one for one in stop_rules().values() if one.scope == "all" and one.then != "lower"]
    told = Q(pk=None)
    for rule in rules:
        told |= _may_fire(rule) if _of_home(rule) in search.levels else Q(pk=None)
    over = Cleared.objects.filter(patient=OuterRef("patient"), exercise=ALL, at__gte=OuterRef("received"))
    rows = search.among(HomeEntry.objects.filter(told), "received", "home").exclude(Exists(over))
    return list(Patient.objects.filter(pk__in=rows.values("patient")).select_related("clinic"))


def _may_fire(rule: StopRule) -> Q:
    """What every entry that meets the rule has; some others have it too."""
    if rule.test == "sign":
        return Q(document__signs__0__isnull=False)
    if rule.test in {"leg", "dizzy"}:
        return Q(**{f"document__{rule.test}": True if rule.test == "dizzy" else rule.wanted})
    return Q(document__nrs_after__gte=int(rule.wanted))


def _home(patient: Patient, search: Search) -> list[Alarm]:
    """What was told at home and ends everything, until a clinician lets on or somebody has examined since.

    One alarm of the gravest level, in the words of what came in last, standing for all of that level.
    """
    url = reverse("home_programme:programme", args=[patient.pk])
    try:
        why = standing(patient, search.now).why()
    except BadInput as refusal:
        return [Alarm(patient, "home", "stop", str(refusal), url, search.now, frozenset())]
    grave = [(entry, rule) for entry, rule in why if rule.scope == "all" and rule.then != "lower"]
    rows = {row.uid: row for row in HomeEntry.objects.filter(patient=patient, uid__in={one.id for one, _ in grave})}
    came = sorted(((rows[entry.id], entry, rule) for entry, rule in grave), key=lambda one: one[0].received)
    open_ = [one for one in came if not examined_since(patient, one[0].received, search.now)]
    if not open_:
        return []
    level = min((_of_home(rule) for *_rest, rule in open_), key=LEVELS.index)
    of_it = [one for one in open_ if _of_home(one[2]) == level]
    row, entry, rule = of_it[-1]
    said = _("Told at home on {day}: {what}").format(day=_day(entry.at), what=_first(rule.text))
    told = frozenset(Told("home", each.pk) for each, *_rest in of_it)
    return [Alarm(patient, "home", level, said, url, row.received, told)]


def _of_home(rule: StopRule) -> Level:
    return "emergency" if rule.then == "emergency" else "urgent"


def _by(kind: str, row: Model, time: int = 0) -> frozenset[Told]:
    return frozenset({Told(kind, row.pk, time)})


def _first(text: str) -> str:
    """The sign alone; the rest of the sentence is said to the patient."""
    return text.split(". ", maxsplit=1)[0].rstrip(".") + "."


def _day(moment: date) -> str:
    return date_format(moment, "j F Y")
