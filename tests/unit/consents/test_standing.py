"""What the gate hears of consent: it holds, or why not; and what a patient agreed to beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from opentraction.care.consent import REASONS, Lapse, current
from opentraction.care.consent import standing as rules
from opentraction.clinic import roles
from opentraction.clinic.consents import refusals, standing
from opentraction.clinic.consents.actions.taking_back import change_purpose, withdraw
from opentraction.clinic.consents.actions.witnessing import witness
from opentraction.clinic.consents.models import SignedConsent
from opentraction.clinic.consents.purposes import agreed
from opentraction.clinic.consents.road import steps
from opentraction.clinic.consents.standing import consent_today
from opentraction.clinic.models import Patient, PatientAccount, TreatmentSession
from opentraction.quantities import BadInput
from tests.clinic_ground import confirmed, user_with
from tests.consent_ground import begun, consent_of, signed, signing_of


def why(patient: Patient, now: datetime, region: str = "lumbar") -> str:
    one = consent_today(patient, region, now)
    assert one.holds == (not one.why)
    return one.why


def word(patient: Patient, now: datetime) -> tuple[str, str]:
    (step,) = steps(patient, now)
    return step.state, step.words


def test_from_nothing_to_signed_to_witnessed(ada: Patient, clinician: User, now: datetime) -> None:
    assert "No consent was signed" in why(ada, now)
    assert word(ada, now) == ("next", "not signed yet")
    one = signing_of(ada, clinician, now)
    assert "witness" in why(ada, now)
    assert word(ada, now) == ("look", "witness it")
    row = witness(one, by=clinician, confirmed=confirmed(clinician), now=now)
    held = consent_today(ada, "lumbar", now).consent
    assert held is not None
    assert (held.sha256, held.version, held.signed) == (row.sha256, row.version, now)
    assert word(ada, now) == ("done", "signed 1 Dec 2026")
    assert "another region" in why(ada, now, "cervical")


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_said_in_the_readers_language(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {"day": date(2026, 12, 1), "months": 12, "sessions": 20, "version": "2027-01"}
    plain = refusals.why_of(Lapse(reason, facts))
    assert plain.endswith(".")
    assert "{" not in plain
    monkeypatch.setattr(refusals, "_", lambda text: f"¡{text}")
    assert refusals.why_of(Lapse(reason, facts)) == f"¡{plain}"


def test_taken_back_it_holds_no_more_at_once_and_nothing_on_its_way_does(
    ada: Patient, clinician: User, now: datetime
) -> None:
    consent_of(ada, clinician, now)
    again, _ = begun(ada, clinician, now + timedelta(minutes=5))
    signed(again, now + timedelta(minutes=6))
    withdraw(ada, "lumbar", by=clinician, now=now + timedelta(minutes=7))
    later = now + timedelta(minutes=8)
    assert "withdrawn on 1 December 2026" in why(ada, later)
    assert word(ada, later) == ("stop", "withdrawn")
    again.refresh_from_db()
    with pytest.raises(BadInput, match="closed already"):
        witness(again, by=clinician, confirmed=confirmed(clinician), now=later)
    with pytest.raises(BadInput, match="not taken back"):
        withdraw(ada, "lumbar", by=clinician, now=later)


def test_every_earlier_consent_is_taken_back_too(ada: Patient, clinician: User, now: datetime) -> None:
    consent_of(ada, clinician, now)
    second = signed(begun(ada, clinician, now + timedelta(days=1))[0], now + timedelta(days=1))
    witness(second, by=clinician, confirmed=confirmed(clinician), now=now + timedelta(days=1))
    assert len(withdraw(ada, "lumbar", by=clinician, now=now + timedelta(days=2))) == 2
    assert not consent_today(ada, "lumbar", now + timedelta(days=2)).holds


def test_the_portal_lets_patients_take_back_their_own_and_nobody_elses(
    ada: Patient, clinician: User, now: datetime
) -> None:
    own = user_with(roles.PATIENT, ada.clinic)
    PatientAccount.objects.create(user=own, patient=ada)
    consent_of(ada, clinician, now)
    withdraw(ada, "lumbar", by=User.objects.get(pk=own.pk), now=now)
    assert not consent_today(ada, "lumbar", now).holds


def test_a_new_consent_after_a_withdrawal_holds(ada: Patient, clinician: User, now: datetime) -> None:
    consent_of(ada, clinician, now)
    withdraw(ada, "lumbar", by=clinician, now=now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    one = signed(begun(ada, clinician, later)[0], later)
    witness(one, by=clinician, confirmed=confirmed(clinician), now=later)
    assert consent_today(ada, "lumbar", later).holds


def test_a_year_a_serious_event_and_new_words_ask_again(
    ada: Patient, clinician: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent_of(ada, clinician, now)
    assert "12 months" in why(ada, now + timedelta(days=366))
    with monkeypatch.context() as patch:
        asked: list[tuple[Patient, datetime]] = []
        patch.setattr(standing, "serious_event_since", lambda *told: asked.append(told) or True)
        assert "serious adverse event" in why(ada, now)
        assert asked == [(ada, now)]
    newer = replace(current(now.date()), version="2027-01", since=now.date())
    monkeypatch.setattr(rules, "versions", lambda language: (replace(current(now.date())), newer))
    assert "version 2027-01" in why(ada, now)
    assert word(ada, now) == ("next", "ask again")


def test_sessions_of_the_region_pulled_since_the_signature_are_counted(
    session: TreatmentSession, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, begun_at = session.patient, session.created
    consent_of(ada, clinician, begun_at)
    assert standing.sessions_since(ada, "lumbar", begun_at) == 0
    session.summary = {"treatment_s": 60.0}
    session.save()
    assert standing.sessions_since(ada, "lumbar", begun_at) == 1
    assert standing.sessions_since(ada, "cervical", begun_at) == 0
    assert standing.sessions_since(ada, "lumbar", begun_at + timedelta(seconds=1)) == 0
    monkeypatch.setattr(rules, "_rules", lambda: (12, 1))
    assert "1 sessions were given" in why(ada, begun_at)


def test_an_altered_consent_is_said_and_never_holds(ada: Patient, clinician: User, now: datetime) -> None:
    row = consent_of(ada, clinician, now)
    told = json.loads(row.canonical) | {"purposes": ["research"]}
    row.canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    with pytest.raises(BadInput, match="altered"):
        _ = row.given


def test_what_else_was_agreed_to(ada: Patient, clinician: User, now: datetime) -> None:
    assert not agreed(ada, "share-gp")
    consent_of(ada, clinician, now)
    assert (agreed(ada, "share-gp"), agreed(ada, "research"), agreed(ada, "nonsense")) == (True, False, False)
    change_purpose(ada, "research", True, by=clinician, now=now + timedelta(hours=1))
    change_purpose(ada, "share-gp", False, by=clinician, now=now + timedelta(hours=1))
    assert (agreed(ada, "share-gp"), agreed(ada, "research")) == (False, True)
    with pytest.raises(BadInput, match="purpose"):
        change_purpose(ada, "sell", True, by=clinician, now=now)


def test_taking_consent_back_takes_every_yes_back_until_it_is_said_anew(
    ada: Patient, clinician: User, now: datetime
) -> None:
    consent_of(ada, clinician, now)
    consent_of(ada, clinician, now + timedelta(minutes=1), region="cervical")
    withdraw(ada, "lumbar", by=clinician, now=now + timedelta(hours=1))
    assert not agreed(ada, "share-gp")
    change_purpose(ada, "share-gp", True, by=clinician, now=now + timedelta(hours=2))
    assert agreed(ada, "share-gp")


def test_the_demos_patients_have_signed(clinician: User, ada: Patient, now: datetime) -> None:
    from opentraction.clinic.consents.demo import demo_consents

    for _ in range(2):
        demo_consents(clinician, confirmed(clinician), now)
    assert SignedConsent.objects.count() == 1
    assert consent_today(ada, "lumbar", now).holds
