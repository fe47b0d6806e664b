"""Two languages: who reads which, that the translations are whole and compiled, and that numbers stay numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import formats, translation

from scripts import messages
from tests.table_client import ROOT

FOLDERS = sorted(messages.CLINIC.glob("**/locale/*/LC_MESSAGES"))
FRAME = ("base.html", "sign_in.html", "sign_in_code.html", "_unlock.html")
ES = {"accept-language": "es-MX,es;q=0.9,en;q=0.5"}


@pytest.mark.django_db
class TestWhoReadsWhich:
    def test_the_public_reads_what_the_browser_speaks(self) -> None:
        page = Client().get(reverse("sign-in"), headers=ES)
        assert '<html lang="es">' in page.content.decode()
        assert "Contraseña" in page.content.decode()
        assert page["Content-Language"] == "es"
        assert (
            '<html lang="en">' in Client().get(reverse("sign-in"), headers={"accept-language": "fr"}).content.decode()
        )

    def test_staff_reads_english_whatever_the_browser_speaks(self, clinician: User) -> None:
        browser = Client()
        browser.force_login(clinician)
        page = browser.get(reverse("patients"), headers=ES).content.decode()
        assert '<html lang="en">' in page
        assert "Sign out" in page

    def test_a_choice_is_kept_in_the_browser_and_comes_first(self, clinician: User) -> None:
        browser = Client()
        browser.force_login(clinician)
        answer = browser.post(reverse("language"), {"language": "es", "next": "/learn"})
        assert answer["Location"] == "/learn"
        cookie = browser.cookies["django_language"]
        assert (cookie.value, bool(cookie["httponly"])) == ("es", True)
        assert '<html lang="es">' in browser.get("/learn").content.decode()
        browser.post(reverse("language"), {"language": "en"})
        assert '<html lang="en">' in browser.get("/learn", headers=ES).content.decode()

    @pytest.mark.parametrize("address", ["/patients", "/specialists", "/account"])
    def test_the_console_is_english_whole_also_after_a_choice(self, clinician: User, address: str) -> None:
        browser = Client()
        browser.force_login(clinician)
        browser.post(reverse("language"), {"language": "es"})
        page = browser.get(address)
        assert '<html lang="en">' in page.content.decode()
        assert "Sign out" in page.content.decode()
        assert "Español" not in page.content.decode()
        assert page["Content-Language"] == "en"

    @pytest.mark.parametrize("chosen", ["", "xx", "<script>", "de"])
    def test_a_language_we_do_not_speak_is_none(self, chosen: str) -> None:
        browser = Client()
        browser.cookies["django_language"] = chosen
        assert '<html lang="en">' in browser.get(reverse("sign-in")).content.decode()

    @pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/"])
    def test_one_goes_back_only_to_a_page_of_ours(self, back: str) -> None:
        answer = Client().post(reverse("language"), {"language": "es", "next": back})
        assert "evil" not in answer["Location"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(messages.CLINIC).as_posix())
class TestCatalogues:
    def test_it_has_what_the_pages_say_now(self, folder: Path) -> None:
        app = folder.parents[2]
        said = {one.id for one in messages.gathered(app) if one.id}
        with (folder / "django.po").open("rb") as file:
            kept = {one.id for one in read_po(file) if one.id}
        assert kept == said, "run scripts/messages"

    def test_it_is_compiled(self, folder: Path) -> None:
        with (folder / "django.po").open("rb") as file:
            fresh = messages.compiled(read_po(file, locale=folder.parts[-2]))
        assert messages.messages((folder / "django.mo").read_bytes()) == messages.messages(fresh), (
            "run scripts/messages"
        )

    def test_what_is_filled_in_is_filled_in_there_too(self, folder: Path) -> None:
        """A translation names the same places, no more and no fewer."""
        with (folder / "django.po").open("rb") as file:
            for one in read_po(file):
                pairs = zip(one.id, one.string, strict=False) if isinstance(one.id, tuple) else [(one.id, one.string)]
                for said, translated in pairs:
                    if said and translated:
                        assert places(said) == places(translated), said


def places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w*\}", text))


def test_the_frame_is_translated_whole() -> None:
    with (messages.CLINIC / "locale/es/LC_MESSAGES/django.po").open("rb") as file:
        missing = [
            one.id
            for one in read_po(file)
            if one.id and not one.string and any(Path(place).name in FRAME for place, _ in one.locations)
        ]
    assert missing == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_number_is_written_alike_in_every_language(language: str) -> None:
    with translation.override(language):
        assert formats.number_format(40.5, 1) == "40.5"
        assert formats.number_format(1234.5, 1, force_grouping=True) == "1,234.5"


def test_the_translations_are_shipped() -> None:
    assert '"**/*.mo"' in (ROOT / "pyproject.toml").read_text("utf-8")
