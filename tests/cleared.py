"""A patient who may be treated now: screened, asked today, with a signed consent. Real rows, made by the real rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.utils import timezone

from opentraction import screening
from opentraction.care.consent import Consent, current
from opentraction.clinic.consents.models import SignedConsent
from opentraction.clinic.intake.models import Intake, Screening, VisitCheckRow
from opentraction.clinic.models import Patient

HEALTHY = Path(__file__).parents[1] / "examples" / "intake.toml"
AN_HOUR = timedelta(hours=1)


def clear(
    patient: Patient, by: User, *, region: str = "lumbar", now: datetime | None = None, **answers: object
) -> None:
    """Everything the gate asks, an hour ago; `answers` are answers of the intake that are otherwise."""
    when = (now or timezone.now()) - AN_HOUR
    screened(patient, by, when, region, **answers)
    visited(patient, by, when, region)
    consented(patient, by, when, region)


def screened(patient: Patient, by: User, when: datetime, region: str = "lumbar", **answers: object) -> Screening:
    """A completed intake and its verdict: the healthy one's answers, of this patient's body."""
    written = screening.read_intake(HEALTHY).answers | body_of(patient, when)
    by_id = screening.intake_questions().by_id
    other = {key: screening.read_answer(by_id[key], raw) for key, raw in answers.items()}
    intake = screening.Intake.of(patient.pseudonym, region, screening.asked_answers({**written, **other}, region))
    verdict = screening.screen(intake, today=when.date())
    answered = {key: screening.plain_answer(value) for key, value in intake.answers.items()}
    draft = Intake(patient=patient, region=region, answers=answered, begun_by=by, begun=when, completed=when)
    draft.save()
    row = Screening(
        patient=patient,
        intake=draft,
        region=region,
        action=verdict.action.name,
        intake_canonical=intake.canonical(),
        intake_sha256=intake.sha256,
        verdict_canonical=verdict.canonical(),
        verdict_sha256=verdict.sha256,
        rules_version=verdict.rules_version,
        decided=when,
        valid_until=verdict.valid_until,
        by=by,
    )
    row.save()
    return row


def body_of(patient: Patient, when: datetime) -> dict[str, screening.Answer]:
    """Answers about the body, as the record has them."""
    age = patient.age_on(when.date())
    body: dict[str, screening.Answer] = {"age": age, "sex": patient.sex, "body_mass": patient.mass_kg}
    return body | {"stature": patient.stature_m, "pregnant": False}


def visited(patient: Patient, by: User, when: datetime, region: str = "lumbar", **answers: object) -> VisitCheckRow:
    """The check of the day, with nothing new."""
    by_id = {question.id: question for question in screening.visit_questions()}
    raw = {**{key: "no" for key, question in by_id.items() if question.kind == "yes-no"}, "today_pain": 4, **answers}
    check = screening.visit_check(
        {key: screening.read_answer(by_id[key], one) for key, one in raw.items()}, region, when
    )
    row = VisitCheckRow(
        patient=patient,
        region=region,
        action=check.action.name,
        at=when,
        by=by,
        canonical=check.canonical(),
        sha256=check.sha256,
    )
    row.save()
    return row


def consented(patient: Patient, by: User, when: datetime, region: str = "lumbar") -> SignedConsent:
    """A consent signed and witnessed."""
    text = current(when.date())
    given = Consent(
        patient.pseudonym, text.version, "en", region, text.sha256(region), when, "Ada E.", "patient", by.username
    )
    row = SignedConsent(
        patient=patient,
        region=region,
        version=text.version,
        language="en",
        text_sha256=given.text_sha256,
        given_by="patient",
        name=given.name,
        signed=when,
        witness=by,
        witnessed=when,
        canonical=given.canonical(),
        sha256=given.sha256,
    )
    row.save()
    return row
