"""Beginning an intake, answering it a screen at a time, setting it aside, and screening it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from opentraction import screening
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.days import day_at
from opentraction.clinic.in_turn import hold
from opentraction.clinic.intake.models import Intake, Screening
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput, State, check_line
from opentraction.screening import Action, Answer, plain_answer, validity

LONGEST_REASON = 200


@transaction.atomic
def begin(patient: Patient, region: str, *, by: User, now: datetime, because: str = "", go_on: bool = False) -> Intake:
    """An open intake of a region: the one there is, else a new one. Raises BadInput.

    `because` says what has changed. `go_on` takes over the last one's answers while they are young enough.
    """
    roles.require(by, roles.SCREEN, of=patient)
    if region not in screening.REGIONS:
        raise BadInput("region", region, "one of " + ", ".join(screening.REGIONS))
    why = check_line(because, "because", LONGEST_REASON).strip()
    hold(patient)
    intake = open_intake(patient, region)
    if intake is None:
        intake = Intake(patient=patient, region=region, begun_by=by, begun=now, since=now, because=why)
        last = last_answers(patient, region, now) if go_on else None
        if last is not None:
            intake.answers, intake.typed, intake.since = last.answers, last.typed, last.since or last.begun
        intake.save()
        record("begin intake", intake, by=by, region=region, because=why, taken_over=last.pk if last else None)
    elif why and why != intake.because:
        intake.because = why
        intake.save()
        record("say what changed", intake, by=by, because=why)
    return intake


def open_intake(patient: Patient, region: str) -> Intake | None:
    """The one that is not finished."""
    return Intake.objects.filter(patient=patient, region=region, completed=None).first()


def last_answers(patient: Patient, region: str, now: datetime) -> Intake | None:
    """The last intake that was screened, while its oldest answer still counts."""
    done = Intake.objects.filter(patient=patient, region=region, completed__isnull=False, screenings__isnull=False)
    last = done.order_by("-completed").first()
    return last if last is not None and not too_old(last, now) else None


def too_old(intake: Intake, now: datetime) -> bool:
    """Whether its oldest answer counts no more."""
    return now - (intake.since or intake.begun) > timedelta(days=validity().intake_days)


@transaction.atomic
def answer(
    intake: Intake,
    asked: Collection[str],
    answers: Mapping[str, Answer],
    typed: Mapping[str, str],
    position: str,
    *,
    by: User | None,
    now: datetime,
) -> Screening | None:
    """Keep the answers to the questions that were `asked`, and where to go on; `by` is nobody for the patient's phone.

    Others stay as they are stored: staff and patient may answer at the same time.
    Gives the screening that is made at once where the answers say EMERGENCY already. Raises Frozen once completed.
    """
    if by is not None:
        roles.require(by, roles.SCREEN, of=intake)
    stored = _locked(intake)
    before, earlier = stored.answers, stored.as_intake()
    others = {key: value for key, value in stored.known.items() if key not in asked}
    whole = screening.asked_answers(others | {key: answers[key] for key in asked if key in answers}, stored.region)
    stored.answers = {key: plain_answer(value) for key, value in sorted(whole.items())}
    stored.own = _whose(stored, asked, by)
    stored.typed = {key: text for key, text in {**stored.typed, **typed}.items() if key in stored.answers}
    stored.position = position
    stored.save()
    changed = sorted(key for key in {*before, *stored.answers} if before.get(key) != stored.answers.get(key))
    record("answer intake", stored, by=by, questions=changed, told_by="staff" if by else "patient")
    return _alarm(stored, earlier, by, now)


def _whose(stored: Intake, asked: Collection[str], by: User | None) -> list[str]:
    """The patient's own answers: what they answer becomes theirs, what staff answer is theirs no more."""
    own = set(stored.own) - set(asked)
    own |= set(asked) if by is None else set()
    return sorted(own & stored.answers.keys())


def _locked(intake: Intake) -> Intake:
    rows = Intake.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    return rows.get(pk=intake.pk)


def _alarm(intake: Intake, earlier: screening.Intake, by: User | None, now: datetime) -> Screening | None:
    """An emergency waits for no further answer. One row for each time that a sign is told, until all is screened."""
    today = day_at(intake.patient.clinic, now)
    verdict = screening.screen(intake.as_intake(), today=today)
    if verdict.action is not Action.EMERGENCY:
        return None
    there = intake.screenings.filter(action=Action.EMERGENCY.name).order_by("-id").first()
    if there is not None and _signs(verdict) <= _signs(screening.screen(earlier, today=today)):
        return there
    return _keep(intake, verdict, by, now, "emergency in intake")


def _signs(verdict: screening.Verdict) -> set[tuple[str, str]]:
    """By which rules it is an emergency, for all that is known."""
    return {(one.rule, one.paragraph) for one in verdict.reasons if one.known and one.action is Action.EMERGENCY}


def _keep(intake: Intake, verdict: screening.Verdict, by: User | None, now: datetime, act: str) -> Screening:
    answers = intake.as_intake()
    row = Screening(
        patient=intake.patient,
        intake=intake,
        region=intake.region,
        action=verdict.action.name,
        intake_canonical=answers.canonical(),
        intake_sha256=answers.sha256,
        verdict_canonical=verdict.canonical(),
        verdict_sha256=verdict.sha256,
        rules_version=verdict.rules_version,
        decided=now,
        valid_until=verdict.valid_until,
        by=by,
    )
    row.save()
    record(act, row, by=by, verdict_sha256=row.verdict_sha256, region=row.region)
    return row


@transaction.atomic
def screen(intake: Intake, *, by: User, now: datetime) -> Screening:
    """The verdict on the whole intake, which is frozen with it. Raises BadInput, Frozen."""
    roles.require(by, roles.SCREEN, of=intake)
    stored = _locked(intake)
    if stored.completed is not None:
        raise BadInput("intake", State("finished already"), "an intake that is open; begin another one")
    if too_old(stored, now):
        days = validity().intake_days
        raise BadInput("intake", State("too old"), f"answers of the last {days} days; set it aside and ask again")
    row = _keep(
        stored, screening.screen(stored.as_intake(), today=day_at(stored.patient.clinic, now)), by, now, "screen"
    )
    stored.completed = now
    stored.save()
    return row


@transaction.atomic
def set_aside(intake: Intake, *, by: User, now: datetime) -> None:
    """Close an intake without a verdict, to ask everything anew. Its answers are kept."""
    roles.require(by, roles.SCREEN, of=intake)
    stored = _locked(intake)
    if stored.completed is None:
        stored.completed = now
        stored.save()
        record("set intake aside", stored, by=by)
