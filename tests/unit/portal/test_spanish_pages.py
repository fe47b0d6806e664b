"""Every page that a patient opens, in both languages: no sentence is the same in both, but what is marked as English.

What is compared are the words as they are drawn, so that a sentence from the data, from Python or from a template that
nobody has translated is found alike.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.consents.actions.signing import begin as begin_consent
from opentraction.clinic.consents.models import Signing
from opentraction.clinic.intake.actions.intakes import begin as begin_intake
from opentraction.clinic.intake.models import Intake
from opentraction.clinic.models import Patient, PatientAccount, TreatmentSession
from opentraction.clinic.portal.due import forms_due
from tests.clinic_ground import ADA
from tests.unit.home_wing.ground import ordered

pytestmark = pytest.mark.django_db
NOW_SHOWN = ("/portal", "/portal/home/", "/portal/results", "/portal/consent", "/portal/forms", "/portal/bills")
MORE = ("/portal/record", "/learn", "/learn/evidence", "/learn/questions", "/learn/articles", "/learn/pathways")
SAME_IN_BOTH = re.compile(
    r"OpenTraction|Español|English|Ada|Example|PDF|ZIP|N|No\.|P-\d+|[\d\s.,:;·–—/%()+-]+|lb"
    r"|RMDQ-24|PEG|ODI|NDI|No|The clinic"
    r"|(?:[A-Z][\w.-]*,? ?(?:and |& )?)+,? \(?(?:19|20)\d\d\)?"
)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Drawn(HTMLParser):
    """The texts of a page that are not marked as English, and not a script's."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        hidden = (
            bool(self._open and self._open[-1][1]) or said.get("lang") == "en" or tag in {"script", "style", "html"}
        )
        hidden = hidden and tag not in {"html"}
        for name in ("aria-label", "placeholder", "title") if not hidden else ():
            self._take(said.get(name) or "")
        if tag not in VOID:
            self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1][1]):
            self._take(data)

    def _take(self, text: str) -> None:
        plain = " ".join(text.split())
        if re.search("[A-Za-z]{2}", plain) and not SAME_IN_BOTH.fullmatch(plain):
            self.texts.add(plain)


@pytest.fixture
def phone(ada: Patient, session: TreatmentSession, clinician: User) -> Client:
    """Ada at home, with questions and forms that wait."""
    own = User.objects.create_user("P-001")
    PatientAccount.objects.create(user=own, patient=ada)
    roles.give(own, roles.PATIENT, ada.clinic)
    if not Intake.objects.filter(patient=ada, completed=None).exists():
        begin_intake(ada, "lumbar", by=clinician, now=timezone.now(), because="Something new")
    ordered(ada, clinician, timezone.now())
    browser = Client()
    browser.force_login(own)
    return browser


def drawn(browser: Client, address: str, language: str, status: int = 200) -> set[str]:
    browser.cookies["django_language"] = language
    answer = browser.get(address, headers={"Accept-Language": language})
    assert answer.status_code == status, (address, answer.status_code)
    page = Drawn()
    page.feed(answer.content.decode())
    return page.texts


def untold(browser: Client, address: str) -> list[str]:
    """What both languages say alike."""
    english, spanish = drawn(browser, address, "en"), drawn(browser, address, "es")
    assert spanish
    return sorted(english & spanish)


@pytest.mark.parametrize("address", [*NOW_SHOWN, *MORE])
def test_a_page_of_the_patient_says_nothing_in_english(phone: Client, address: str) -> None:
    assert untold(phone, address) == []


def test_nor_does_a_page_that_is_not_there_nor_one_that_is_not_theirs(phone: Client) -> None:
    for address, status in (("/portal/nothing", 404), ("/portal/invoices/999", 404)):
        said = [drawn(phone, address, language, status) for language in ("en", "es")]
        assert said[0] & said[1] == set()
        assert 'class="portal' in phone.get(address).content.decode()


def test_nor_do_the_forms(phone: Client, ada: Patient) -> None:
    names = [about.id for _, about in forms_due(ada, timezone.now())]
    assert len(names) >= 3
    assert {name: said for name in names if (said := untold(phone, f"/portal/forms/{name}"))} == {}


def test_nor_do_the_questions_before_the_visit(phone: Client, ada: Patient) -> None:
    intake = phone.post("/portal/questions")
    assert intake.status_code == 302
    words = {}
    for language in ("en", "es"):
        page = Drawn()
        page.feed(phone.get(f"{intake['Location']}?language={language}").content.decode())
        words[language] = page.texts
    assert words["en"] & words["es"] == set()
    opened = phone.post(intake["Location"], {"born": ADA["birth_date"].isoformat(), "language": "es"})
    assert opened.status_code == 302
    assert '<html lang="es">' in phone.get(opened["Location"]).content.decode()


def test_the_consent_is_begun_from_the_portal_and_asks_who_it_is(phone: Client, ada: Patient) -> None:
    phone.cookies["django_language"] = "es"
    begun = phone.post("/portal/consent/sign")
    assert begun.status_code == 302
    assert begun["Location"].startswith("/c/")
    assert "fecha de nacimiento" in phone.get(begun["Location"]).content.decode()
    assert Signing.objects.get(patient=ada, closed=None, signed=None).language == "es"


def test_a_patient_begins_nobody_elses(phone: Client, clinician: User) -> None:
    from django.core.exceptions import PermissionDenied

    from opentraction.clinic.actions.patients import add_patient

    other = add_patient(ADA | {"given_name": "Ben"}, by=clinician)
    with pytest.raises(PermissionDenied):
        begin_consent(other, "lumbar", "en", "own", by=User.objects.get(username="P-001"), now=timezone.now())
