"""Wherever a person may take this for a treatment, it says what it is: pages, console, reports, command line."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client

from opentraction import DISCLAIMER
from opentraction.app.cli import main
from opentraction.clinic.directory.views.public import CONSOLE, PUBLIC
from opentraction.session.reader import read_session
from opentraction.session.recorder import NO_SYNC, Recorder
from opentraction.session.report import Who, write_report
from tests.synthetic import legs, make_rows, story, tell

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "src/opentraction/clinic"
TEMPLATES = {
    str(file.relative_to(folder)): file
    for folder in (CLINIC / "templates", *CLINIC.glob("*/templates"))
    for file in sorted(folder.rglob("*.html"))
}
FRAMES = (CONSOLE, PUBLIC)
PAGES = [name for name in TEMPLATES if not name.rpartition("/")[2].startswith("_")]
"""Every page of the console and its wings."""
SAID = ("{{ disclaimer }}", "{{ words.disclaimer }}", "{{ w.phone.demonstration }}")
"""In the reader's language, from the wing's own words."""


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    "name",
    ["README.md", "docs/index.md", "docs/clinician/index.md", "docs/clinician/console.md", "docs/clinician/users.md"],
)
def test_the_pages_a_reader_comes_to_first_say_it(name: str) -> None:
    assert DISCLAIMER in flat((ROOT / name).read_text("utf-8").replace("**", "").replace("> ", ""))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_on_one_that_says_it(name: str) -> None:
    for text in grounds(TEMPLATES[name].read_text("utf-8")):
        assert "<!doctype html>" in text
        foot = text.partition("<footer")[2]
        assert any(word in foot for word in SAID) or DISCLAIMER in flat(foot)


def grounds(text: str) -> list[str]:
    """What a template stands on at last; each of the frames where its view chooses one."""
    if "{% extends frame %}" in text:
        return [ground for frame in FRAMES for ground in grounds(TEMPLATES[frame].read_text("utf-8"))]
    below = re.search(r'{% extends "([^"]+)" %}', text)
    return grounds(TEMPLATES[below[1]].read_text("utf-8")) if below else [text]


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["/", "/sign-in/", "/nowhere-at-all/"])
def test_the_console_says_it_in_its_footer(place: str, client: Client) -> None:
    client.force_login(User.objects.create_superuser("someone"))
    answer = client.get(place, follow=True)
    foot = answer.content.decode().partition("<footer")[2]
    assert DISCLAIMER in flat(foot), (place, answer.status_code)


def test_also_where_the_console_itself_failed() -> None:
    page = render_to_string("500.html")
    assert DISCLAIMER in flat(page.partition("<footer")[2])


@pytest.mark.parametrize("letter", [False, True], ids=["A4", "Letter"])
@pytest.mark.parametrize("whole", [True, False], ids=["completed", "interrupted"])
def test_every_sheet_of_every_report_says_it(letter: bool, whole: bool, tmp_path: Path) -> None:
    items = story(make_rows(legs(cycles=2)))
    tell(Recorder(tmp_path, NO_SYNC), items if whole else list(items)[:-1])
    write_report(tmp_path, tmp_path / "report.pdf", Who("Ada Example"), letter)
    sheets = pypdf.PdfReader(io.BytesIO((tmp_path / "report.pdf").read_bytes())).pages
    assert all(DISCLAIMER in flat(sheet.extract_text()) for sheet in sheets)
    assert read_session(tmp_path).start["disclaimer"] == DISCLAIMER


def test_the_command_line_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    assert DISCLAIMER in flat(capsys.readouterr().out)
