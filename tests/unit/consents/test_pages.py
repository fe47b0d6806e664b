"""The pages: the patient's behind a word and a birth date, the staff's behind their role; nothing typed is lost."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.care.consent import current, text
from opentraction.clinic import consents, roles
from opentraction.clinic.consents.actions import signing as acts
from opentraction.clinic.consents.actions.witnessing import witness
from opentraction.clinic.consents.models import SignedConsent, Signing
from opentraction.clinic.consents.names import same_person
from opentraction.clinic.consents.words import words
from opentraction.clinic.models import AuditRow, Patient
from opentraction.clinic.tokens import TRIES
from tests.clinic_ground import PASSWORD, another_clinic, confirmed, user_with
from tests.consent_ground import begun, consent_of, signed, signing_of
from tests.page_words import words_of

SIGNED = {"given_by": "patient", "name": "Ada Example", "do": "sign"}
TEMPLATES = Path(consents.__file__).parent / "templates/consents"


@pytest.fixture
def staff(clinician: User) -> Client:
    browser = Client()
    browser.force_login(clinician)
    return browser


@pytest.fixture
def phone(ada: Patient, clinician: User) -> tuple[Client, str]:
    """The patient's own phone at an open address."""
    _, token = begun(ada, clinician, place="own")
    return Client(), f"/c/{token}"


def opened(phone: tuple[Client, str]) -> tuple[Client, str]:
    phone[0].post(phone[1], {"birth_date": "1971-05-23"})
    return phone


def send(phone: tuple[Client, str], **fields: str) -> Any:
    return phone[0].post(phone[1], fields, follow=True)


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_stranger_with_the_word_sees_nothing_without_the_birth_date(phone: tuple[Client, str]) -> None:
    browser, address = phone
    first = said(browser.get(address))
    assert "Your birth date" in first
    assert "Ada" not in words_of(first)
    answer = browser.post(address, {"birth_date": "1970-01-01"})
    assert answer.status_code == 400
    assert f"Tries left: {TRIES - 1}" in said(answer)
    for do in ("read", "sign", "decline", "language"):
        assert browser.post(address, {"do": do, "birth_date": ""}).status_code == 400
    assert not Signing.objects.filter(read=True).exists()
    assert browser.get(f"{address}/copy.pdf").status_code == 404


def test_after_five_wrong_birth_dates_the_address_says_only_that_it_is_closed(phone: tuple[Client, str]) -> None:
    for _ in range(TRIES):
        answer = phone[0].post(phone[1], {"birth_date": "1970-01-01"})
    assert answer.status_code == 404
    assert phone[0].get(phone[1]).content == phone[0].get("/c/another").content


def test_the_whole_way_on_a_phone_in_both_languages(phone: tuple[Client, str], ada: Patient, clinician: User) -> None:
    opened(phone)
    assert "What is known, and what is not" in said(phone[0].get(phone[1]))
    answer = send(phone, do="language", language="es")
    assert "Qué se sabe y qué no" in said(answer)
    assert 'lang="es"' in said(answer)
    assert "Tres preguntas" in said(send(phone, do="read"))
    wrong = said(send(phone, do="answer", question="stop-any-time", choice="1"))
    assert "Puede parar en cualquier momento, por cualquier motivo." in wrong
    for question in current(timezone.now().date(), "es").questions:
        answer = send(phone, do="answer", question=question.id, choice=str(question.right))
    assert "Otras cosas" in said(answer)
    missing = phone[0].post(phone[1], {"do": "purposes", "share-gp": "yes", "research": "no"})
    assert missing.status_code == 400
    assert said(missing).count(" checked") == 2
    answer = send(phone, do="purposes", **{"share-gp": "yes", "research": "no", "review": "no"})
    assert "Su nombre completo" in said(answer)
    answer = send(phone, **SIGNED, drawing="M10 10L20 20")
    assert "Firmado. Gracias" in said(answer)
    copy = phone[0].get(f"{phone[1]}/copy.pdf")
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(copy.content)).pages)
    assert "Ada Example" in paper
    assert "sin testigo" in paper
    assert "Ada" not in copy["Content-Disposition"]
    one = Signing.objects.get()
    assert (one.language, one.wrong, one.drawing) == ("es", {"stop-any-time": 1}, "M10 10L20 20")
    assert Client().get(phone[1]).status_code == 404


def test_what_was_answered_is_kept_when_the_browser_dies(phone: tuple[Client, str]) -> None:
    opened(phone)
    send(phone, do="read")
    send(phone, do="answer", question="stop-any-time", choice="0")
    again = (Client(), phone[1])
    opened(again)
    assert "Question 2 of 3" in said(again[0].get(again[1]))


def to_the_end(one: Signing) -> None:
    now = timezone.now()
    acts.read_on(one, now=now)
    for question in one.words.questions:
        acts.answer(one, question.id, str(question.right), now=now)
    acts.say(one, {each.id: False for each in one.words.purposes}, now=now)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": ""}, "fill_in"),
        ({"given_by": ""}, "choose_who"),
        ({"given_by": "representative", "other_who": ""}, "fill_in"),
        ({"drawing": "M1 1C2 2"}, "drawing_wrong"),
        ({"name": "\x01\n\t"}, "fill_in"),
    ],
)
def test_what_is_missing_at_the_signature_is_said_and_the_rest_stays(
    sent: dict[str, str], told: str, phone: tuple[Client, str]
) -> None:
    opened(phone)
    to_the_end(Signing.objects.get())
    answer = phone[0].post(phone[1], SIGNED | {"other_why": "fifteen"} | sent)
    assert answer.status_code == 400
    assert words("en")[told] in said(answer)
    assert 'value="fifteen"' in said(answer)
    assert Signing.objects.get().signed is None


def test_a_representative_says_who_and_why(phone: tuple[Client, str]) -> None:
    opened(phone)
    to_the_end(Signing.objects.get())
    send(phone, **SIGNED | {"given_by": "representative", "other_who": "mother", "other_why": "she is 15"})
    assert Signing.objects.get().representative == "mother; she is 15"


def test_no_ends_it_kindly(phone: tuple[Client, str]) -> None:
    opened(phone)
    assert "Nothing was signed" in said(send(phone, do="decline"))
    assert Signing.objects.get().closed is not None


@pytest.mark.parametrize("post", [{}, {"do": "answer"}, {"do": "nothing"}, {"do": "sign"}, {"do": "purposes"}])
def test_odd_posts_never_break_the_page(post: dict[str, str], phone: tuple[Client, str]) -> None:
    opened(phone)
    assert phone[0].post(phone[1], post, follow=True).status_code in {200, 400}


def test_new_words_are_shown_with_what_changed_and_read_again(
    ada: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent_of(ada, clinician)
    phone = opened((Client(), f"/c/{begun(ada, clinician, place='own')[1]}"))
    day = timezone.now().date()
    old = current(day)
    sections = tuple(
        replace(one, text=("For your neck, nothing.",)) if one.id == "machine" else one for one in old.sections
    )
    newer = replace(old, version="2099-01", since=day, sections=sections)
    original = text.versions
    monkeypatch.setattr(text, "versions", lambda language="en": (*original(language), newer))
    page = said(phone[0].get(phone[1]))
    assert words("en")["words_changed"] in page
    assert "What is new since you signed in" in page
    assert re.search(r"<ins>For your neck, nothing\.\s*</ins>", page)
    assert "<del>" in page


def test_the_tablet_is_handed_over_with_nobody_signed_in(staff: Client, ada: Patient, clinician: User) -> None:
    asked = {"region": "lumbar", "language": "en"}
    answer = staff.post(f"/patients/{ada.pk}/consent/tablet", asked, follow=True)
    assert "What will happen" in said(answer)
    assert "_auth_user_id" not in staff.session
    for page in ("/", "/patients", f"/patients/{ada.pk}", f"/patients/{ada.pk}/consent", "/acts"):
        assert staff.get(page).status_code == 302, page
    assert staff.post("/table/act", {"do": "start"}).status_code in {302, 403}
    word = answer.redirect_chain[-1][0]
    assert Client().get(word).status_code == 404
    assert f"next=/patients/{ada.pk}/consent" in said(staff.get(word))
    told = list(AuditRow.objects.values_list("act", flat=True))
    assert told[-2:] == ["ask for consent", "sign out"]


def test_who_watches_a_treatment_keeps_the_device(staff: Client, ada: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    from opentraction.clinic.consents.views import staff as views

    monkeypatch.setattr(views, "watches_a_treatment", lambda user: True)
    answer = staff.post(f"/patients/{ada.pk}/consent/tablet", {"region": "lumbar", "language": "en"})
    assert answer.status_code == 409
    assert "_auth_user_id" in staff.session
    assert not Signing.objects.exists()


def test_staff_do_not_read_as_the_patient(staff: Client, phone: tuple[Client, str]) -> None:
    assert staff.get(phone[1]).status_code == 403
    assert staff.post(phone[1], {"birth_date": "1971-05-23"}).status_code == 403


def test_a_link_is_shown_once_with_its_square(staff: Client, ada: Patient) -> None:
    page = said(staff.post(f"/patients/{ada.pk}/consent/link", {"region": "cervical", "language": "es"}))
    assert re.search(r"http://testserver/c/[\w-]{43}", page)
    assert "<svg" in page
    token = re.findall(r"/c/([\w-]{43})", page)[0]
    assert token not in said(staff.get(f"/patients/{ada.pk}/consent"))
    assert Signing.objects.get().region == "cervical"


@pytest.mark.parametrize("way", ["tablet", "link"])
def test_an_odd_region_or_language_is_refused_in_a_sentence(way: str, staff: Client, ada: Patient) -> None:
    for asked in ({}, {"region": "knee", "language": "en"}, {"region": "lumbar", "language": "fr"}):
        assert staff.post(f"/patients/{ada.pk}/consent/{way}", asked).status_code == 400


def test_a_witness_talks_first_and_gives_the_password(staff: Client, ada: Patient, clinician: User) -> None:
    one = signing_of(ada, clinician)
    where = f"/consents/signings/{one.pk}/witness"
    assert "Witness the signature" in said(staff.get(f"/patients/{ada.pk}/consent"))
    assert staff.post(where, {"password": PASSWORD}).status_code == 400
    assert staff.post(where, {"talked": "yes", "password": "wrong"}).status_code == 400
    assert not SignedConsent.objects.exists()
    page = said(staff.post(where, {"talked": "yes", "password": PASSWORD}, follow=True))
    assert "holds today" in page
    pdf = staff.get(SignedConsent.objects.get().get_absolute_url())
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages)
    assert f"before {clinician.username}" in " ".join(paper.split())
    assert AuditRow.objects.filter(act="read", detail__what="signed consent", patient=ada).exists()
    assert AuditRow.objects.filter(act="read", detail__what="consent", patient=ada).exists()


def test_withdrawn_on_the_page_it_does_not_hold_and_its_paper_says_so(
    staff: Client, ada: Patient, clinician: User
) -> None:
    row = consent_of(ada, clinician)
    page = said(
        staff.post(f"/patients/{ada.pk}/consent/withdraw", {"region": "lumbar", "reason": "moved"}, follow=True)
    )
    assert "does not hold" in page
    assert "moved" in page
    paper = staff.get(row.get_absolute_url()).content
    assert "Withdrawn on" in "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert staff.post(f"/patients/{ada.pk}/consent/withdraw", {"region": "lumbar"}).status_code == 400


PAPER = {
    "region": "lumbar", "language": "en", "name": "Ada Example", "representative": "", "note": "scan 17",
    "share-gp": "no", "research": "no", "review": "yes", "questions": "yes", "password": PASSWORD,
}  # fmt: skip


def test_a_form_signed_by_hand_is_entered(staff: Client, ada: Patient) -> None:
    now = timezone.now()
    sent = PAPER | {"signed": f"{now - timedelta(minutes=5):%Y-%m-%dT%H:%M}", "version": current(now.date()).version}
    assert "holds today" in said(staff.post(f"/patients/{ada.pk}/consent/paper", sent, follow=True))
    assert SignedConsent.objects.get().given.purposes == ("review",)


@pytest.mark.parametrize("name", ["region", "language", "version", "name", "note", "signed", "review", "questions"])
def test_a_form_on_paper_with_a_gap_is_refused_and_nothing_typed_is_lost(
    name: str, staff: Client, ada: Patient
) -> None:
    now = timezone.now()
    sent = PAPER | {"signed": f"{now:%Y-%m-%dT%H:%M}", "version": current(now.date()).version, "representative": "son"}
    answer = staff.post(f"/patients/{ada.pk}/consent/paper", sent | {name: ""})
    assert answer.status_code == 400
    assert 'value="son"' in said(answer)
    assert not SignedConsent.objects.exists()


def test_a_future_moment_or_a_wrong_password_is_refused_on_paper(staff: Client, ada: Patient) -> None:
    now = timezone.now()
    sent = PAPER | {"signed": f"{now:%Y-%m-%dT%H:%M}", "version": current(now.date()).version}
    for wrong in ({"signed": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}"}, {"password": "wrong"}):
        answer = staff.post(f"/patients/{ada.pk}/consent/paper", sent | wrong)
        assert answer.status_code == 400
        assert 'class="refusal">' in said(answer)
    assert not SignedConsent.objects.exists()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_empty_form_and_the_versions(language: str, staff: Client, ada: Patient) -> None:
    pdf = staff.get(f"/patients/{ada.pk}/consent/form.pdf", {"region": "lumbar", "language": language})
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages)
    assert current(timezone.now().date(), language).title in " ".join(paper.split())
    assert "P-001" in paper
    assert staff.get(f"/patients/{ada.pk}/consent/form.pdf", {"region": "knee"}).status_code == 400
    assert "The first version." in said(staff.get("/consents/versions", {"language": language}))


def test_another_clinic_finds_nothing(ada: Patient, clinician: User) -> None:
    row, waiting = consent_of(ada, clinician), signed(begun(ada, clinician)[0])
    browser = Client()
    browser.force_login(user_with(roles.CLINICIAN, another_clinic()))
    for page in (f"/patients/{ada.pk}/consent", f"/patients/{ada.pk}/consent/paper", row.get_absolute_url()):
        assert browser.get(page).status_code == 404, page
    for page in ("witness", "put-aside"):
        assert browser.post(f"/consents/signings/{waiting.pk}/{page}", {"talked": "yes"}).status_code == 404
    assert browser.post(f"/patients/{ada.pk}/consent/withdraw", {"region": "lumbar"}).status_code == 404


def test_both_languages_say_the_same_things_around_the_words() -> None:
    assert words("en").keys() == words("es").keys()
    for name, english in words("en").items():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", words("es")[name])), name
        assert english != words("es")[name] or name == "no", name


def test_every_word_a_template_asks_for_is_there_and_none_is_left_over() -> None:
    used = set(
        re.findall(r"(?<!signing\.)words\.(\w+)", "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.html")))
    )
    assert used <= words("en").keys()
    code = "".join(path.read_text("utf-8") for path in Path(consents.__file__).parent.rglob("*.py"))
    left = {name for name in words("en").keys() - used if f'"{name}"' not in code and f"'{name}'" not in code}
    assert left <= {"step_read", "step_questions", "step_purposes", "step_sign"}


def test_what_waits_for_a_witness_is_not_called_unsigned(staff: Client, ada: Patient, clinician: User) -> None:
    address = f"/patients/{ada.pk}/consent"
    assert "Nothing was signed yet" in staff.get(address).content.decode()
    signed(begun(ada, clinician)[0])
    page = staff.get(address).content.decode()
    assert "Nothing was signed yet" not in page
    assert "witnessed by nobody yet" in page


def test_what_was_answered_counts_once_witnessed_and_is_not_called_unasked(
    staff: Client, ada: Patient, clinician: User
) -> None:
    address = f"/patients/{ada.pk}/consent"
    assert staff.get(address).content.decode().count("not asked") == 3
    one = signed(begun(ada, clinician)[0])
    page = staff.get(address).content.decode()
    assert "not asked" not in page
    assert page.count("once witnessed") == 3
    witness(one, by=clinician, confirmed=confirmed(clinician), now=timezone.now())
    assert "once witnessed" not in staff.get(address).content.decode()


@pytest.mark.parametrize(
    ("typed", "is_ada"),
    [
        ("Ada Example", True), ("example, ADA", True), ("Áda Mary Example-Smith", True), ("Someone Else", False),
        ("Ada", False), ("Example", False), ("", False), ("A. Example", False),
    ],
)  # fmt: skip
def test_a_name_that_is_not_the_records_is_shown_to_the_witness(
    staff: Client, ada: Patient, clinician: User, typed: str, is_ada: bool
) -> None:
    assert same_person(typed, ada) is is_ada
    if typed:
        signed(begun(ada, clinician)[0], name=typed)
        page = staff.get(f"/patients/{ada.pk}/consent").content.decode()
        assert ("not the name in the record" in page) is not is_ada
