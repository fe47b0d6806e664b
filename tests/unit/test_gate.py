"""Every recorded fact on which a clinician would stop, and what the gate at the table answers: one row, one fact.

A row says what is written into the record of somebody who may be treated, the step of the road that the gate names
(empty: it lets pass), and what opens it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from opentraction.care.adverse import AdverseEvent
from opentraction.care.outcomes import Examination
from opentraction.clinic import roles
from opentraction.clinic.actions import treatments
from opentraction.clinic.clearance import NotCleared, clearance_for
from opentraction.clinic.consents.actions.taking_back import withdraw
from opentraction.clinic.home.models import HomeEntry
from opentraction.clinic.models import Patient, SignedPlan, TreatmentSession
from opentraction.clinic.outcomes.actions.events import follow_up, report_event, withdraw_event
from opentraction.clinic.outcomes.actions.examining import examine
from opentraction.clinic.outcomes.models import AdverseEventRow, SessionReport
from opentraction.patient import Body
from opentraction.patient import Patient as Person
from opentraction.prescription.progress import Check, Course, History, Pain, SessionDone, forbids, templates
from tests.cleared import consented, screened, visited
from tests.clinic_ground import user_with

pytestmark = pytest.mark.django_db


@dataclass
class Record:
    """The record of one who may be treated, with a session given an hour ago and its successor signed."""

    patient: Patient
    plan: SignedPlan
    by: User

    @property
    def now(self) -> datetime:
        return timezone.now()

    def answer(self) -> str:
        """The step that the gate names; empty where it lets pass."""
        try:
            clearance_for(Patient.objects.get(pk=self.patient.pk), self.plan, self.now)
        except NotCleared as refusal:
            return refusal.step
        return ""

    def pulled(self, **said: Any) -> TreatmentSession:
        """A session that pulled, with what was said after it."""
        session = TreatmentSession(patient=self.patient, plan=self.plan, operator=self.by)
        session.started = session.ended = self.now - timedelta(minutes=50)
        session.ending, session.summary = "finished", {"treatment_s": 900.0}
        session.save()
        self.report("after", session, **said)
        return session

    def report(self, moment: str, session: TreatmentSession | None = None, **said: Any) -> None:
        session = session or treatments.begin(self.plan.prescription, by=self.by)
        SessionReport(session=session, moment=moment, by=self.by, at=self.now, **said).save()

    def event(self, kind: str, severity: int = 2, outcome: str = "not_recovered", **more: Any) -> AdverseEventRow:
        when = self.now - timedelta(minutes=30)
        told = AdverseEvent(
            str(uuid4()), kind, when, self.now, severity, "possible", "Told.", outcome=outcome, by="a", **more
        )
        return report_event(self.patient, told, None, by=self.by)

    def closed(self, row: AdverseEventRow) -> None:
        today = datetime.now(UTC).date()
        follow_up(row, looked=today, outcome="recovered", status="closed", words="Looked, gone.", by=self.by)

    def examined(self, **found: Any) -> None:
        found = found or {"strength": {"hip_flexors-left": 5}}
        examine(self.patient, Examination(datetime.now(UTC).date(), self.by.username, **found), by=self.by)

    def at_home(self, **told: Any) -> None:
        document = {"id": str(uuid4()), "exercise": "stretch-a", "done": "yes", "at": self.now.isoformat(), **told}
        HomeEntry(
            patient=self.patient,
            uid=document["id"],
            exercise="stretch-a",
            at=self.now,
            received=self.now,
            document=document,
            by=self.by,
        ).save()


@pytest.fixture
def one(ada: Patient, session: TreatmentSession, clinician: User) -> Record:
    return Record(ada, session.plan, clinician)


Fact = Callable[[Record], object]


def of_region(action: str) -> Fact:
    """A finding at the neck of somebody whose back is treated."""
    answers: dict[str, dict[str, object]] = {"EMERGENCY": {"bladder_bowel": "yes"}, "OK": {}}
    return lambda r: screened(r.patient, r.by, r.now - timedelta(minutes=20), "cervical", **answers[action])


# A serious event ends the consent too, and the gate asks in the order of the road; below is a test of what comes then.
FACTS: list[tuple[str, Fact, str]] = [
    ("nothing", lambda r: None, ""),
    ("event: soreness of less than 24 h", lambda r: r.event("soreness", 1), ""),
    ("event: pain rose", lambda r: r.event("more_pain"), ""),
    ("event: pain rose, severe", lambda r: r.event("more_pain", 3), "outcomes"),
    ("event: a bruise", lambda r: r.event("skin"), ""),
    ("event: nausea", lambda r: r.event("nausea"), ""),
    ("event: pain moved further from the spine", lambda r: r.event("peripheralisation", 1), "outcomes"),
    ("event: the same, over when it was told", lambda r: r.event("peripheralisation", 1, "recovered"), "outcomes"),
    ("event: new weakness or numbness", lambda r: r.event("new_deficit", 1), "consent"),
    ("event: signs of cauda equina", lambda r: r.event("cauda_equina"), "consent"),
    ("event: rib pain", lambda r: r.event("rib"), "outcomes"),
    ("event: fainted", lambda r: r.event("syncope"), "outcomes"),
    ("event: a fall", lambda r: r.event("fall"), "outcomes"),
    ("event: fault of the table under the patient", lambda r: r.event("device_fault"), "outcomes"),
    ("event: something else", lambda r: r.event("other", 1), "outcomes"),
    ("event: serious, any kind", lambda r: r.event("nausea", criteria=("hospital",)), "consent"),
    ("event: closed by a clinician", lambda r: r.closed(r.event("peripheralisation")), ""),
    ("examination: a muscle at grade 2", lambda r: r.examined(strength={"hip_flexors-left": 2}), "outcomes"),
    ("examination: nothing new", lambda r: r.examined(), ""),
    ("session: went well", lambda r: r.pulled(new_distal=False, peripheralised=False), ""),
    ("session: new symptom in the limb", lambda r: r.pulled(new_distal=True), "course"),
    ("session: pain moved outwards once", lambda r: r.pulled(peripheralised=True), ""),
    ("session: twice", lambda r: [r.pulled(peripheralised=True) for _ in range(2)], "course"),
    ("session: new symptom, then examined", lambda r: [r.pulled(new_distal=True), r.examined()], ""),
    ("session: examined, then a new symptom", lambda r: [r.examined(), r.pulled(new_distal=True)], "course"),
    ("session: new symptom, and a good one since", lambda r: [r.pulled(new_distal=True), r.pulled()], ""),
    ("before this pull: pain 7", lambda r: r.report("before", spine=7), ""),
    ("before this pull: pain 8", lambda r: r.report("before", spine=8), "outcomes"),
    ("before this pull: limb 9", lambda r: r.report("before", spine=3, limb=9), "outcomes"),
    ("before this pull: pressure 160", lambda r: r.report("before", systolic=160), "outcomes"),
    ("before this pull: pressure 159", lambda r: r.report("before", systolic=159), ""),
    ("check: pain 8", lambda r: visited(r.patient, r.by, r.now, today_pain=8), "visit"),
    ("check: new weakness", lambda r: visited(r.patient, r.by, r.now, today_weakness="yes"), "visit"),
    ("check: pregnant", lambda r: visited(r.patient, r.by, r.now, today_pregnant="yes"), "visit"),
    ("check: fever", lambda r: visited(r.patient, r.by, r.now, today_injury_fever="yes"), "visit"),
    ("check: a question not answered", lambda r: visited(r.patient, r.by, r.now, today_weakness="unknown"), "visit"),
    ("screening: numb saddle", lambda r: screened(r.patient, r.by, r.now, saddle_numb="yes"), "intake"),
    ("screening: an emergency at the neck", of_region("EMERGENCY"), "intake"),
    ("screening: the neck is well", of_region("OK"), ""),
    (
        "check of the neck: bladder",
        lambda r: visited(r.patient, r.by, r.now, "cervical", today_bladder_bowel_saddle="yes"),
        "intake",
    ),
    ("at home: nothing", lambda r: r.at_home(nrs_before=3, nrs_after=3, leg="no"), ""),
    ("at home: pain spread", lambda r: r.at_home(leg="spread"), ""),
    ("at home: new weakness", lambda r: r.at_home(leg="weak"), "home"),
    ("at home: numb saddle", lambda r: r.at_home(signs=["saddle-or-bladder"]), "home"),
    ("at home: chest pain", lambda r: r.at_home(signs=["chest-or-breath"]), "home"),
    ("at home: weakness, then examined", lambda r: [r.at_home(leg="weak"), r.examined()], ""),
    ("at home: examined, then new weakness", lambda r: [r.examined(), r.at_home(leg="weak")], "home"),
    (
        "check: fever, then a calm one",
        lambda r: [visited(r.patient, r.by, r.now, today_injury_fever="yes"), visited(r.patient, r.by, r.now)],
        "intake",
    ),
    (
        "check of the neck: pregnant",
        lambda r: visited(r.patient, r.by, r.now, "cervical", today_pregnant="yes"),
        "intake",
    ),
    ("check of the neck: pain 8", lambda r: visited(r.patient, r.by, r.now, "cervical", today_pain=8), ""),
    ("consent: taken back", lambda r: withdraw(r.patient, "lumbar", by=r.by, now=r.now), "consent"),
]


@pytest.mark.parametrize(("fact", "step"), [each[1:] for each in FACTS], ids=[each[0] for each in FACTS])
def test_the_gate_answers(one: Record, fact: Fact, step: str) -> None:
    assert one.answer() == "", "before the fact nothing speaks against it"
    fact(one)
    assert one.answer() == step


def test_a_new_consent_does_not_open_the_gate_after_a_serious_event(one: Record) -> None:
    row = one.event("new_deficit")
    consented(one.patient, one.by, timezone.now())
    assert one.answer() == "outcomes"
    one.closed(row)
    assert one.answer() == ""


def test_only_a_clinician_closes_what_holds_the_treatment_up(one: Record) -> None:
    row = one.event("peripheralisation")
    one.by = user_with(roles.THERAPIST)
    with pytest.raises(PermissionDenied):
        one.closed(row)
    with pytest.raises(PermissionDenied):
        withdraw_event(row, "Not this patient.", by=one.by)
    assert one.answer() == "outcomes"


class TestTheCourse:
    """`forbids` looks at every rule, not at the gravest word alone."""

    TODAY = date(2026, 3, 3)

    def asked(self, check: Check | None, *sessions: SessionDone) -> str:
        who = Person("017", Body(70.0, 1.76, 54.0), ceiling=600.0)
        course = Course(patient=who, region="lumbar", template=templates()["A"], start=date(2026, 3, 2))
        found = forbids(course, History(sessions=sessions, check=check), self.TODAY)
        return found.reason.rule if found else ""

    def test_what_is_only_missing_forbids_nothing_here(self) -> None:
        assert self.asked(None) == ""

    def test_open_questions_do_not_hide_a_new_symptom(self) -> None:
        assert self.asked(Check(day=self.TODAY, new_distal=True)) == "P17"

    def test_pain_and_pressure_of_today_forbid_though_they_only_ask(self) -> None:
        assert self.asked(Check(day=self.TODAY, pain=Pain(8, None))) == "A07"
        assert self.asked(Check(day=self.TODAY, pain=Pain(7, None))) == ""
        assert self.asked(Check(day=self.TODAY, systolic=165)) == "A09"

    def test_pain_that_moved_outwards_twice_forbids(self) -> None:
        one = SessionDone(day=date(2026, 3, 2), peripheralised=True)
        assert self.asked(None, one) == ""
        assert self.asked(None, one, one) == "P21"
