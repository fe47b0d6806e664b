"""The pages: open to all where they should be, closed where not, and honest about what is not known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.clinic.consents.actions.taking_back import change_purpose
from opentraction.clinic.consents.purposes import REVIEWS
from opentraction.clinic.directory.actions.profiles import Evidence, check_credential, keep_profile, says_works_here
from opentraction.clinic.directory.actions.reviews import invitation
from opentraction.clinic.directory.models import CredentialCheck, ImportRun, Profile, Review, Specialist
from opentraction.clinic.directory.visits import Visit
from opentraction.clinic.models import AuditRow, Patient, TreatmentSession
from tests.unit.directory.ground import Ground, listing
from tests.unit.directory.test_reviews import NOW


@pytest.fixture
def ann(ground: Ground) -> Specialist:
    return ground.put(listing("1", "Ann <b>Ax</b>", "78701", "chiropractor"))[0]


@pytest.fixture
def keeper(clinician: User) -> Client:
    client = Client()
    client.force_login(clinician)
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def test_an_empty_directory_says_how_to_fill_it(client: Client, db: None) -> None:
    assert "<code>opentraction specialists import FILE</code>" in text(client, "/specialists")


def test_staff_read_the_command_with_the_folder_where_it_is_not_the_default(
    client: Client, keeper: Client, settings: LazySettings
) -> None:
    for data, words in (
        (Path("var").absolute(), "FILE"),
        (Path("/srv/a clinic"), "FILE --data &#x27;/srv/a clinic&#x27;"),
    ):
        settings.DATA = data
        for address in ("/specialists", "/specialists/imports"):
            assert f"<code>opentraction specialists import {words}</code>" in text(keeper, address)
        assert "<code>opentraction specialists import FILE</code>" in text(client, "/specialists")


def test_anyone_may_search_and_look(client: Client, ann: Specialist) -> None:
    page = text(client, "/specialists?near=78701&specialty=chiropractor")
    assert "Ann &lt;b&gt;Ax&lt;/b&gt;" in page
    assert "within a mile" in page
    assert "no proof of a licence" in page
    assert "Keep this page" not in text(client, f"/specialists/{ann.pk}")
    assert "does not check licences" in text(client, f"/specialists/{ann.pk}")


def test_a_form_that_was_not_filled_finds_nothing_and_says_what_to_fill_in(client: Client, ann: Specialist) -> None:
    page = text(client, "/specialists?near=&name=&radius=25")
    assert "Fill in at least one" in page
    assert 'role="alert"' not in page
    assert "Nobody found" not in page
    assert "Fill in at least one" not in text(client, "/specialists")


@pytest.mark.parametrize(
    "query",
    ["near=91,0", "near=78701&radius=7", "near=78701&page=0", "near=78701&page=11", "near=78701&page=x", "name=a",
     "near=78701&specialty=magician", "near=%01", "near=78701&order=money", "specialty=chiropractor",
     "name=" + "x" * 81],
)  # fmt: skip
def test_what_cannot_be_searched_is_one_sentence(client: Client, ann: Specialist, query: str) -> None:
    assert 'role="alert"' in text(client, f"/specialists?{query}", 400)


def test_pages_of_a_search_lead_on_with_the_same_question(client: Client, ground: Ground) -> None:
    ground.put(*[listing(str(n), f"N{n:03d}", "78701") for n in range(25)])
    first = text(client, "/specialists?near=78701&name=n0")
    assert "?near=78701&amp;name=n0&amp;page=2" in first
    second = text(client, "/specialists?near=78701&name=n0&page=2")
    assert second.count('class="listing"') == 5
    assert "page=1" in second


CLOSED = ("/specialists/{}/keep", "/specialists/imports")


@pytest.mark.parametrize("address", CLOSED)
def test_keeping_asks_for_a_sign_in_and_a_role(client: Client, ann: Specialist, keeper: Client, address: str) -> None:
    address = address.format(ann.pk)
    assert client.get(address).status_code == 302
    client.force_login(User.objects.create_user("stranger"))
    assert client.get(address).status_code == 403
    assert keeper.get(address).status_code == 200


@pytest.mark.parametrize("act", ["check", "evidence", "works-here"])
def test_acts_are_posts_of_those_who_keep(client: Client, ann: Specialist, keeper: Client, act: str) -> None:
    address = f"/specialists/{ann.pk}/{act}"
    assert keeper.get(address).status_code == 405
    assert client.post(address).status_code == 302
    client.force_login(User.objects.create_user("stranger"))
    assert client.post(address).status_code == 403
    assert keeper.post(f"/specialists/999999999999999999999/{act}").status_code == 404


def test_a_check_and_evidence_are_kept_by_their_forms_and_shown_to_everyone(
    client: Client, keeper: Client, ann: Specialist
) -> None:
    check = {"what": "licence", "found": "in order", "source": "Board of Texas", "valid_until": "2027-01-01"}
    assert keeper.post(f"/specialists/{ann.pk}/check", check).status_code == 302
    evidence = {"years": "12", "outcomes_n": "40", "outcomes_better": "24", "languages": "en, es", "refund": "no"}
    assert keeper.post(f"/specialists/{ann.pk}/evidence", evidence).status_code == 302
    page = text(client, f"/specialists/{ann.pk}")
    better = "24 of 40; taking chance into account, at least 44\N{NO-BREAK SPACE}%"
    for said in ("Board of Texas", "2027-01-01", better, "Spanish", "not paid back"):
        assert said in page, said
    assert "State licence" in page


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("check", {"what": "licence", "found": "in order", "source": "", "valid_until": ""}),
        ("check", {"what": "licence", "found": "in order", "source": "x", "valid_until": "31.12.2027"}),
        ("evidence", {"years": "-1"}),
        ("evidence", {"years": "٣"}),
        ("evidence", {"outcomes_n": "1", "outcomes_better": "2"}),
        ("works-here", {"user": "nobody"}),
    ],
)
def test_what_was_typed_wrong_is_said_and_nothing_kept(
    keeper: Client, ann: Specialist, act: str, sent: dict[str, str]
) -> None:
    answer = keeper.post(f"/specialists/{ann.pk}/{act}", sent)
    assert answer.status_code == 400
    assert "Nothing was saved." in answer.content.decode()
    assert not CredentialCheck.objects.exists()
    assert not Profile.objects.exists()


def test_a_zero_is_shown_and_an_unknown_is_a_dash(client: Client, ann: Specialist, clinician: User) -> None:
    keep_profile(ann, Evidence(years=0), [], [], by=clinician, now=NOW)
    page = text(client, f"/specialists/{ann.pk}")
    assert "<dt>Years in practice</dt><dd>0</dd>" in page
    assert "<dt>Decompression sessions a year</dt><dd>–</dd>" in page


def test_a_problem_found_is_shown_to_everyone(client: Client, ann: Specialist, clinician: User) -> None:
    check_credential(ann, "exclusion", "not in order", "OIG list", by=clinician, now=NOW)
    assert 'class="warning">not in order' in text(client, f"/specialists/{ann.pk}")


def test_a_patient_reviews_a_visit_without_signing_in(client: Client, ann: Specialist) -> None:
    word = invitation(Visit("session:1", date(2026, 10, 17), ann.pk, Patient(number=1)))
    form = text(client, f"/specialists/review/{word}")
    assert "2026-10" in form
    assert "2026-10-17" not in form
    assert "P-001" not in form
    assert client.post(f"/specialists/review/{word}", {"stars": "9"}).status_code == 400
    thanks = client.post(f"/specialists/review/{word}", {"stars": "1", "words": "<script>alert(1)</script>"})
    assert thanks.status_code == 200
    assert "Take my words back" in text(client, f"/specialists/review/{word}")
    page = text(client, f"/specialists/{ann.pk}")
    assert "<script>alert(1)" not in page
    assert "1 of 5" in page
    assert "verified visit" in page


def test_who_wrote_it_takes_the_words_back_at_the_same_address(client: Client, ann: Specialist) -> None:
    """As the consent to "My words in public" promises."""
    word = invitation(Visit("session:1", date(2026, 10, 17), ann.pk, Patient(number=1)))
    address = f"/specialists/review/{word}"
    client.post(address, {"stars": "2", "words": "Waited long."})
    assert "Waited long." in text(client, f"/specialists/{ann.pk}")
    assert client.post(address, {"stars": "5", "words": "Another"}).status_code == 200
    late = timezone.now().timestamp() + 400 * 86400
    with patch("django.core.signing.time.time", return_value=late):
        assert "shown no more" in client.post(address, {"act": "take-back"}).content.decode()
    page = text(client, f"/specialists/{ann.pk}")
    assert "Waited long." not in page
    assert "Another" not in page
    assert "took the words back" in page
    assert "2 of 5" in page
    assert AuditRow.objects.get(act="take review back").by is None
    other = invitation(Visit("session:2", date(2026, 10, 17), ann.pk, Patient(number=2)))
    assert client.post(f"/specialists/review/{other}", {"act": "take-back"}).status_code == 400


def visited(ann: Specialist, session: TreatmentSession, clinician: User) -> None:
    """The clinician is Ann, and pulled in this session."""
    session.summary = {"treatment_s": 12.0}
    session.save()
    says_works_here(ann, clinician.username, by=clinician, now=NOW)


def test_whose_visits_are_shown_to_staff_is_written_down(
    keeper: Client, ann: Specialist, clinician: User, session: TreatmentSession
) -> None:
    visited(ann, session, clinician)
    page = text(keeper, f"/specialists/{ann.pk}/keep")
    assert session.patient.pseudonym in page
    row = AuditRow.objects.order_by("-id").first()
    assert row is not None
    assert row.by == clinician
    assert row.detail["patients"] == [session.patient.pseudonym]


def test_only_who_agrees_to_reviews_is_given_an_address(
    keeper: Client, ann: Specialist, clinician: User, session: TreatmentSession
) -> None:
    visited(ann, session, clinician)
    none = "None: the patient does not agree to reviews."
    for agrees in (None, True, False, True):
        if agrees is not None:
            change_purpose(session.patient, REVIEWS, agrees, by=clinician, now=timezone.now())
        page = text(keeper, f"/specialists/{ann.pk}/keep")
        assert ("/specialists/review/" in page, none in page) == (bool(agrees), not agrees)


def test_staff_answer_and_hide_by_form(keeper: Client, client: Client, ground: Ground, ann: Specialist) -> None:
    ground.review(ann, 1)
    pk = Review.objects.get().pk
    assert keeper.post(f"/specialists/reviews/{pk}/answer", {"reply": "talk"}).status_code == 302
    assert keeper.post(f"/specialists/reviews/{pk}/answer", {"hide": "threat or slur"}).status_code == 302
    assert client.post(f"/specialists/reviews/{pk}/answer", {"reply": "read"}).status_code == 302
    page = text(client, f"/specialists/{ann.pk}")
    assert "Privacy rules keep us" in page
    assert "The words are hidden: threat or slur. The stars count." in page


def test_imports_tell_where_each_stands(keeper: Client, db: None) -> None:
    assert "Nothing imported yet" in text(keeper, "/specialists/imports")
    reasons = ["Line 7: 1 columns instead of 330."]
    ImportRun.objects.create(fingerprint="f", file="a.csv", size=200, offset=50, bad=1, reasons=reasons, started=NOW)
    page = text(keeper, "/specialists/imports")
    assert "25 %, run the command again" in page
    assert "Line 7: 1 columns" in page


def test_the_command_line_finds_the_same(ground: Ground, ann: Specialist, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    from opentraction.app.commands import specialists

    nothing = dict.fromkeys(("radius", "specialty", "name", "language", "insurance", "order", "page"))
    chosen = argparse.Namespace(near="78701", fee=False, refund=False, json=True, **nothing)
    assert specialists._search(chosen) == 0
    (found,) = json.loads(capsys.readouterr().out)["found"]
    assert (found["number"], found["distance_m"], found["reviews"], found["mean_stars"]) == ("1", 0, 0, None)
    chosen.json = False
    specialists._search(chosen)
    assert "within a mile" in capsys.readouterr().out
