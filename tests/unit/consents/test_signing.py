"""The patient's way through the words, act by act: nothing is skipped, nothing signed changes, nobody guesses in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from opentraction.care.consent import current
from opentraction.clinic import roles
from opentraction.clinic.consents.actions import signing as acts
from opentraction.clinic.consents.actions.taking_back import change_purpose, withdraw
from opentraction.clinic.consents.actions.witnessing import OnPaper, enter_paper, put_aside, witness
from opentraction.clinic.consents.models import PurposeChange, SignedConsent, Signing, Withdrawal
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.models.clinical import Frozen
from opentraction.clinic.tokens import TRIES, token_hash
from opentraction.quantities import BadInput
from tests.clinic_ground import another_clinic, confirmed, user_with
from tests.consent_ground import YES, begun, consent_of, signed, signing_of

BORN = date(1971, 5, 23)


def acts_of(patient: Patient) -> list[str]:
    return list(AuditRow.objects.filter(patient=patient).values_list("act", flat=True))


def test_the_word_of_an_address_is_not_kept(ada: Patient, clinician: User, now: datetime) -> None:
    one, token = begun(ada, clinician, now, place="own")
    assert one.token_sha256 == token_hash(token)
    assert token not in str(Signing.objects.values().get())
    assert (one.expires - now).days == 7
    assert token not in str(list(AuditRow.objects.values()))


def test_five_wrong_birth_dates_close_it_also_for_the_right_one(ada: Patient, clinician: User, now: datetime) -> None:
    one, _ = begun(ada, clinician, now, place="own")
    for _ in range(TRIES):
        assert not acts.enter(one, date(1970, 1, 1), now=now)
    with pytest.raises(BadInput, match="closed"):
        acts.enter(one, BORN, now=now)
    assert acts_of(ada).count("refuse birth date at consent") == TRIES


def test_the_right_birth_date_opens_it_until_it_is_out_of_date(ada: Patient, clinician: User, now: datetime) -> None:
    one, _ = begun(ada, clinician, now, place="own")
    assert acts.enter(one, BORN, now=now + timedelta(days=6, hours=23))
    with pytest.raises(BadInput, match="closed"):
        acts.enter(one, BORN, now=now + timedelta(days=7))


def test_a_new_address_goes_on_where_the_old_one_stood_and_closes_it(
    ada: Patient, clinician: User, now: datetime
) -> None:
    first, old = begun(ada, clinician, now, place="own")
    acts.read_on(first, now=now)
    second, _ = begun(ada, clinician, now + timedelta(days=1))
    assert (second.pk, second.read) == (first.pk, True)
    assert not Signing.objects.filter(token_sha256=token_hash(old)).exists()


@pytest.mark.parametrize("left_out", ["read", "question", "purposes"])
def test_nothing_can_be_signed_with_a_step_left_out(
    left_out: str, ada: Patient, clinician: User, now: datetime
) -> None:
    one, _ = begun(ada, clinician, now)
    if left_out != "read":
        acts.read_on(one, now=now)
    for question in one.words.questions[1 if left_out == "question" else 0 :]:
        acts.answer(one, question.id, str(question.right), now=now)
    if left_out != "purposes":
        acts.say(one, dict(YES), now=now)
    with pytest.raises(BadInput):
        acts.sign(one, given_by="patient", representative="", name="Ada", drawing="", now=now)
    one.refresh_from_db()
    assert one.signed is None


def test_a_wrong_answer_is_counted_asked_again_and_no_dead_end(ada: Patient, clinician: User, now: datetime) -> None:
    one, _ = begun(ada, clinician, now)
    for _ in range(9):
        acts.answer(one, "works", "0", now=now)
    acts.answer(one, "works", "1", now=now)
    one.refresh_from_db()
    assert one.wrong == {"works": 9}
    signed(one, now)
    assert AuditRow.objects.get(act="sign consent").detail["wrong"] == {"works": 9}


@pytest.mark.parametrize(("question", "choice"), [("works", "2"), ("works", ""), ("works", "-1"), ("other", "0")])
def test_what_is_no_answer_is_refused(question: str, choice: str, ada: Patient, clinician: User, now: datetime) -> None:
    one, _ = begun(ada, clinician, now)
    with pytest.raises(BadInput):
        acts.answer(one, question, choice, now=now)


def test_a_purpose_left_open_is_no_answer(ada: Patient, clinician: User, now: datetime) -> None:
    one, _ = begun(ada, clinician, now)
    with pytest.raises(BadInput, match="yes or no to each"):
        acts.say(one, {"research": True}, now=now)


def test_words_that_change_on_the_way_are_read_again(
    ada: Patient, clinician: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = begun(ada, clinician, now)
    acts.read_on(one, now=now)
    newer = replace(current(now.date()), version="2027-01")
    monkeypatch.setattr(acts, "current", lambda today, language="en": newer)
    with pytest.raises(BadInput, match="earlier version"):
        acts.sign(one, given_by="patient", representative="", name="Ada", drawing="", now=now)
    again = acts.renew(one, now=now)
    assert (again.version, again.read, again.answers) == ("2027-01", False, {})


def test_saying_no_closes_it_and_signs_nothing(ada: Patient, clinician: User, now: datetime) -> None:
    one, _ = begun(ada, clinician, now)
    acts.decline(one, now=now)
    with pytest.raises(BadInput, match="closed"):
        acts.read_on(one, now=now)
    assert acts_of(ada)[-1] == "decline consent"


def test_the_witness_signs_what_the_patient_signed(ada: Patient, clinician: User, now: datetime) -> None:
    one = signing_of(ada, clinician, now)
    row = witness(one, by=clinician, confirmed=confirmed(clinician), now=now + timedelta(hours=1))
    given = row.given
    assert (given.name, given.signed, given.witness) == ("Ada Example", now, clinician.username)
    assert given.purposes == ("share-gp",)
    assert row.text_sha256 == current(now.date()).sha256("lumbar")
    from opentraction.clinic.actions.signatures import signatures_of

    (signature,) = signatures_of(row)
    assert signature.meaning == "witnessed"
    assert signature.is_of(row.canonical)
    assert acts_of(ada)[-3:] == ["sign consent", "sign", "witness consent"]


def test_nothing_is_witnessed_twice_too_late_unsigned_or_put_aside(
    ada: Patient, clinician: User, now: datetime
) -> None:
    one = signing_of(ada, clinician, now)
    with pytest.raises(BadInput, match="7 days"):
        witness(one, by=clinician, confirmed=confirmed(clinician), now=now + timedelta(days=7))
    witness(one, by=clinician, confirmed=confirmed(clinician), now=now)
    with pytest.raises(BadInput, match="closed already"):
        witness(one, by=clinician, confirmed=confirmed(clinician), now=now)
    with pytest.raises(BadInput, match="closed already"):
        put_aside(one, "a mistake", by=clinician, now=now)
    unsigned, _ = begun(ada, clinician, now)
    with pytest.raises(BadInput, match="not signed"):
        witness(unsigned, by=clinician, confirmed=confirmed(clinician), now=now)
    aside = signed(unsigned, now)
    with pytest.raises(BadInput, match="few words"):
        put_aside(aside, " ", by=clinician, now=now)
    put_aside(aside, "signed by the neighbour", by=clinician, now=now)
    with pytest.raises(BadInput, match="closed already"):
        witness(aside, by=clinician, confirmed=confirmed(clinician), now=now)


def paper(**other: object) -> OnPaper:
    version = current(date(2026, 12, 1)).version
    signed_at = datetime.fromisoformat("2026-12-01T08:00:00+00:00")
    plain = OnPaper("lumbar", "es", version, "Ada Example", "", ("research",), signed_at, "scan 17")
    return replace(plain, **other)  # type: ignore[arg-type]


def test_a_form_signed_by_hand_counts_like_the_screen(ada: Patient, clinician: User, now: datetime) -> None:
    row = enter_paper(ada, paper(), by=clinician, confirmed=confirmed(clinician), now=now)
    assert (row.given.how, row.note, row.given.purposes) == ("paper", "scan 17", ("research",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed": datetime.fromisoformat("2026-12-02T08:00:00+00:00")},
        {"note": ""},
        {"name": " "},
        {"version": "1999-01"},
        {"purposes": ("sell",)},
    ],
)
def test_a_form_that_cannot_be_is_refused(
    wrong: dict[str, object], ada: Patient, clinician: User, now: datetime
) -> None:
    with pytest.raises(BadInput):
        enter_paper(ada, paper(**wrong), by=clinician, confirmed=confirmed(clinician), now=now)
    assert not SignedConsent.objects.exists()


@pytest.mark.parametrize("role", [roles.FRONT_DESK, roles.ADMINISTRATOR, roles.AUDITOR, roles.PATIENT])
def test_who_does_not_treat_asks_witnesses_and_enters_nothing(
    role: str, ada: Patient, clinician: User, now: datetime
) -> None:
    other, one = user_with(role), signing_of(ada, clinician, now)
    for act in (
        lambda: begun(ada, other, now),
        lambda: witness(one, by=other, confirmed=confirmed(other), now=now),
        lambda: put_aside(one, "because", by=other, now=now),
        lambda: enter_paper(ada, paper(), by=other, confirmed=confirmed(other), now=now),
        lambda: withdraw(ada, "lumbar", by=other, now=now),
        lambda: change_purpose(ada, "research", True, by=other, now=now),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_another_clinic_witnesses_nothing(ada: Patient, clinician: User, now: datetime) -> None:
    stranger = user_with(roles.CLINICIAN, another_clinic())
    with pytest.raises(PermissionDenied, match="another clinic"):
        witness(signing_of(ada, clinician, now), by=stranger, confirmed=confirmed(stranger), now=now)


def test_what_is_signed_stays_in_the_model_and_under_it(ada: Patient, clinician: User, now: datetime) -> None:
    row = consent_of(ada, clinician, now)
    change = change_purpose(ada, "research", True, by=clinician, now=now)
    (back,) = withdraw(ada, "lumbar", "moved", by=clinician, now=now)
    for one in (row, change, back):
        with pytest.raises(Frozen):
            one.save()
        with pytest.raises(Frozen):
            one.delete()
    signing = row.signing
    assert signing is not None
    signing.name = "Somebody Else"
    with pytest.raises(Frozen):
        signing.save()
    for statement in (
        "UPDATE consents_signedconsent SET name = 'x'",
        "DELETE FROM consents_signedconsent",
        "UPDATE consents_withdrawal SET reason = 'x'",
        "DELETE FROM consents_withdrawal",
        "UPDATE consents_purposechange SET purpose = 'x'",
        "DELETE FROM consents_purposechange",
        "UPDATE consents_signing SET name = 'x'",
        "UPDATE consents_signing SET signed = NULL",
        "DELETE FROM consents_signing",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert (SignedConsent.objects.count(), Withdrawal.objects.count(), PurposeChange.objects.count()) == (1, 1, 1)
