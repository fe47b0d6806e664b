"""Reviews: one for a visit that our records show, kept as written, answered and hidden by fixed rules only."""

from __future__ import annotations

from datetime import date, datetime
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from opentraction.clinic.directory.actions.profiles import Evidence, check_credential, keep_profile, says_works_here
from opentraction.clinic.directory.actions.reviews import (
    VALID,
    answer_review,
    hide_words,
    invitation,
    open_visits,
    read_invitation,
    write_review,
)
from opentraction.clinic.directory.models import CredentialCheck, Offer, Profile, Review, Specialist
from opentraction.clinic.directory.search import Query, search
from opentraction.clinic.directory.visits import Visit
from opentraction.clinic.models import AuditRow, Patient, TreatmentSession
from opentraction.clinic.models.clinical import Frozen
from opentraction.quantities import BadInput
from tests.unit.directory.ground import TODAY, Ground, listing

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.get_current_timezone())


@pytest.fixture
def ann(ground: Ground) -> Specialist:
    return ground.put(listing("1", "Ann", "78701"))[0]


def visit(specialist: Specialist, name: str = "session:1") -> Visit:
    return Visit(name, date(2026, 10, 17), specialist.pk, Patient(number=1))


def test_a_review_is_written_with_the_month_of_its_visit_and_nobodys_name(ann: Specialist) -> None:
    review = write_review(invitation(visit(ann)), "2", " Waited long.\r\nGood hands. ", today=TODAY)
    assert (review.stars, review.words) == (2, "Waited long.\nGood hands.")
    assert review.visit_day == date(2026, 10, 1)
    assert "session" not in review.visit
    assert "P-001" not in str(vars(review))
    assert AuditRow.objects.get(act="write review").by is None


def test_one_visit_one_review(ann: Specialist) -> None:
    word = invitation(visit(ann))
    write_review(word, "5", "", today=TODAY)
    with pytest.raises(BadInput, match="one review for each visit"):
        write_review(word, "1", "", today=TODAY)
    assert write_review(invitation(visit(ann, "session:2")), "1", "", today=TODAY).stars == 1


def test_nobody_makes_up_a_visit(ann: Specialist) -> None:
    word = invitation(visit(ann))
    for forged in ("", "x", word[:-1], word[1:], word.replace(":", "."), "a" * 5000):
        with pytest.raises(BadInput, match="not open"):
            read_invitation(forged)
    with (
        patch("django.core.signing.time.time", return_value=timezone.now().timestamp() + VALID.total_seconds() + 5),
        pytest.raises(BadInput, match="not open"),
    ):
        read_invitation(word)


@pytest.mark.parametrize(
    ("stars", "words"), [("0", ""), ("6", ""), ("", ""), ("5.0", ""), ("5", "x" * 1001), ("5", "\x00")]
)
def test_what_is_no_review_is_refused_and_the_visit_stays_open(ann: Specialist, stars: str, words: str) -> None:
    word = invitation(visit(ann))
    with pytest.raises(BadInput):
        write_review(word, stars, words, today=TODAY)
    assert read_invitation(word)["specialist"] == ann.pk


def test_what_a_patient_wrote_stays(ann: Specialist) -> None:
    review = write_review(invitation(visit(ann)), "1", "Bad.", today=TODAY)
    review.stars = 5
    with pytest.raises(Frozen):
        review.save()
    with pytest.raises(Frozen):
        review.delete()
    with pytest.raises(Frozen):
        Review.objects.filter(pk=review.pk).update(stars=5)


def test_hidden_words_still_count(ann: Specialist, clinician: User) -> None:
    review = write_review(invitation(visit(ann)), "1", "Dr X hates me.", today=TODAY)
    with pytest.raises(BadInput, match="names somebody"):
        hide_words(review, "it is bad", by=clinician)
    hide_words(review, "names somebody", by=clinician)
    (found,) = search(Query(name="ann"), TODAY).found
    assert Review.objects.get().stars == 1
    assert found.specialist == ann


def test_an_answer_is_one_of_the_fixed_ones(ann: Specialist, clinician: User) -> None:
    review = write_review(invitation(visit(ann)), "1", "", today=TODAY)
    with pytest.raises(BadInput):
        answer_review(review, "You came late.", by=clinician)
    assert "Privacy rules" in answer_review(review, "talk", by=clinician).answer


def test_only_those_who_keep_the_directory_may(ann: Specialist, db: None) -> None:
    stranger = User.objects.create_user("stranger")
    review = write_review(invitation(visit(ann)), "1", "", today=TODAY)
    with pytest.raises(PermissionDenied):
        hide_words(review, "names somebody", by=stranger)
    with pytest.raises(PermissionDenied):
        answer_review(review, "read", by=stranger)
    with pytest.raises(PermissionDenied):
        check_credential(ann, "licence", "in order", "board", by=stranger, now=NOW)
    with pytest.raises(PermissionDenied):
        keep_profile(ann, Evidence(), [], [], by=stranger, now=NOW)
    with pytest.raises(PermissionDenied):
        says_works_here(ann, "", by=stranger, now=NOW)


def test_only_treatments_in_which_something_was_pulled_by_this_person_are_visits(
    ann: Specialist, clinician: User, session: TreatmentSession
) -> None:
    assert open_visits(ann, clinician) == []
    says_works_here(ann, clinician.username, by=clinician, now=NOW)
    assert open_visits(ann, clinician) == []
    session.summary = {"treatment_s": 12.0}
    session.save()
    (one,) = open_visits(ann, clinician)
    assert one.patient == session.patient
    write_review(invitation(one), "4", "", today=TODAY)
    assert open_visits(ann, clinician) == []
    assert open_visits(ann, User.objects.create_user("stranger")) == []


def test_a_user_is_listed_once(ground: Ground, clinician: User) -> None:
    ann, ben = ground.put(listing("1", "Ann", "78701"), listing("2", "Ben", "78701"))
    says_works_here(ann, clinician.username, by=clinician, now=NOW)
    with pytest.raises(BadInput, match="listed already, as Ann"):
        says_works_here(ben, clinician.username, by=clinician, now=NOW)
    with pytest.raises(BadInput, match="name of a user"):
        says_works_here(ben, "nobody", by=clinician, now=NOW)
    says_works_here(ann, "", by=clinician, now=NOW)
    says_works_here(ben, clinician.username, by=clinician, now=NOW)


def test_a_check_says_what_where_by_whom_and_when_and_never_changes(ann: Specialist, clinician: User) -> None:
    made = check_credential(
        ann, "licence", "in order", "tbce.state.tx.us", "DC-7", date(2027, 1, 1), by=clinician, now=NOW
    )
    assert (made.name, made.by, made.at) == ("State licence", clinician, NOW)
    made.found = "not in order"
    with pytest.raises(Frozen):
        made.save()
    with pytest.raises(Frozen):
        made.delete()
    for what, found, source in (("hair", "in order", "x"), ("licence", "maybe", "x"), ("licence", "in order", " ")):
        with pytest.raises(BadInput):
            check_credential(ann, what, found, source, by=clinician, now=NOW)
    assert CredentialCheck.objects.count() == 1


def test_a_profile_is_searched_by_and_survives_an_import(ground: Ground, ann: Specialist, clinician: User) -> None:
    evidence = Evidence(fee="$120", refund=True, outcomes_n=40, outcomes_better=24, years=0)
    keep_profile(ann, evidence, ["ES"], ["Blue Example"], by=clinician, now=NOW)
    ground.put(listing("1", "Ann", "78701"))
    profile = Profile.objects.get()
    assert (profile.fee, profile.years, profile.sessions_a_year) == ("$120", 0, None)
    assert profile.better_at_least == pytest.approx(0.4460, abs=1e-4)
    kept = set(Offer.objects.values_list("kind", "value"))
    assert kept == {("language", "es"), ("insurance", "blue example"), ("fee", ""), ("refund", "")}
    keep_profile(ann, Evidence(), [], [], by=clinician, now=NOW)
    assert not Offer.objects.exists()
    assert Profile.objects.get().better_at_least is None


def test_more_better_than_treated_is_refused(ann: Specialist, clinician: User) -> None:
    for evidence in (Evidence(outcomes_n=3, outcomes_better=4), Evidence(outcomes_better=4), Evidence(adverse_n=1)):
        with pytest.raises(BadInput, match="no more than the patients counted"):
            keep_profile(ann, evidence, [], [], by=clinician, now=NOW)
    with pytest.raises(BadInput, match="languages"):
        keep_profile(ann, Evidence(), ["english"], [], by=clinician, now=NOW)
