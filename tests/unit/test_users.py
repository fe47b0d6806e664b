"""Users of the console: added, closed and given passwords by whoever runs the machine, each act in the record."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from opentraction.app.cli import main
from opentraction.clinic import roles
from opentraction.clinic.actions.users import add_user, set_active, set_password
from opentraction.clinic.chain import broken_link
from opentraction.clinic.models import AuditRow
from opentraction.quantities import BadInput
from tests.table_client import ROOT

GOOD = "seven wet otters"
DESK = "command line"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return add_user("ann", "clinician", GOOD, author=DESK)


def acts() -> list[tuple[str, str, object]]:
    assert broken_link() is None
    rows = AuditRow.objects.exclude(act__startswith="read").order_by("id")
    return [(row.act, row.subject, row.detail["author"]) for row in rows]


def test_a_clinician_may_prescribe_and_a_therapist_may_not(ann: User) -> None:
    ben = add_user("ben", "therapist", GOOD, author=DESK)
    assert roles.may(ann, roles.PRESCRIBE)
    assert roles.may(ben, roles.TREAT)
    assert not roles.may(ben, roles.PRESCRIBE)
    assert acts() == [("add user", "user ann", DESK), ("add user", "user ben", DESK)]
    assert AuditRow.objects.first().detail["role"] == "clinician"  # type: ignore[union-attr]


def test_a_password_is_never_kept_as_it_is(ann: User) -> None:
    assert ann.check_password(GOOD)
    assert GOOD not in ann.password
    assert all(GOOD not in str(row.detail) for row in AuditRow.objects.all())


def test_another_password_signs_in_and_ends_open_pages(ann: User, client: Client) -> None:
    client.force_login(ann)
    assert client.get(reverse("patients")).status_code == 200
    set_password("ann", "nine dry badgers", author=DESK)
    assert client.get(reverse("patients")).status_code == 302
    assert client.login(username="ann", password="nine dry badgers")
    assert not client.login(username="ann", password=GOOD)
    assert acts()[-1] == ("set password", "user ann", DESK)


def test_a_disabled_user_is_out_until_enabled(ann: User, client: Client) -> None:
    client.force_login(ann)
    set_active("ann", False, author=DESK)
    assert client.get(reverse("patients")).status_code == 302
    assert not client.login(username="ann", password=GOOD)
    set_active("ann", True, author=DESK)
    assert client.login(username="ann", password=GOOD)
    assert [act for act, *_ in acts()] == ["add user", "disable user", "enable user"]


BAD = {
    "taken": ("ann", "clinician", GOOD, "a name that nobody here has yet"),
    "taken in capitals": ("ANN", "clinician", GOOD, "a name that nobody here has yet"),
    "with a space": ("ann lee", "clinician", GOOD, "without spaces"),
    "with an end of line": ("ann\n", "clinician", GOOD, "without spaces"),
    "empty": ("", "clinician", GOOD, "1 to 150 letters"),
    "no text": ("\udcff", "clinician", GOOD, "1 to 150 letters"),
    "endless": ("a" * 151, "clinician", GOOD, "1 to 150 letters"),
    "a dot": (".", "clinician", GOOD, "a letter or digit among them"),
    "two dots": ("..", "clinician", GOOD, "a letter or digit among them"),
    "Cyrillic letters that look Latin": ("\u0431\u043eb", "clinician", GOOD, "letters a to z"),
    "one Cyrillic letter": ("b\u043eb", "clinician", GOOD, "letters a to z"),
    "letters of full width": ("\uff41nn", "clinician", GOOD, "letters a to z"),
    "password with a NUL": ("ben", "clinician", "seven wet\0otters", "no control characters"),
    "password with an escape": ("ben", "clinician", "seven wet \x1botters", "no control characters"),
    "password with a tab": ("ben", "clinician", "seven\twet otters", "no control characters"),
    "role that is none": ("ben", "surgeon", GOOD, "therapist, clinician"),
    "short password": ("ben", "clinician", "otters", "at least 12 characters"),
    "common password": ("ben", "clinician", "password1234", "too common"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_used_is_refused_and_changes_nothing(what: str, ann: User) -> None:
    name, role, password, allowed = BAD[what]
    with pytest.raises(BadInput) as refused:
        add_user(name, role, password, author=DESK)
    assert allowed in str(refused.value)
    assert password not in str(refused.value)
    assert (User.objects.count(), AuditRow.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["eve", "\udcff", "\0"])
def test_nobody_of_that_name_is_said(name: str) -> None:
    for act in (lambda: set_active(name, False, author=DESK), lambda: set_password(name, GOOD, author=DESK)):
        with pytest.raises(BadInput, match="opentraction user list shows them"):
            act()


# The command.


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The command line on the clinic of this test; answers exit code and what was said."""
    monkeypatch.setattr("opentraction.app.commands.user.open_clinic", lambda data: None)

    def say(*words: str, typed: str = f"{GOOD}\n") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["user", *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return say


def test_the_command_adds_lists_and_disables(desk) -> None:
    assert desk("add", "ann", "--role", "clinician", "--password-stdin") == (0, "Added ann, clinician.\n")
    assert User.objects.get(username="ann").check_password(GOOD)
    assert desk("disable", "ann")[1].startswith("Disabled ann.")
    code, told = desk("list")
    assert (code, told.splitlines()[1].split()) == (0, ["ann", "clinician", "no", "never"])
    assert desk("enable", "ann") == (0, "Enabled ann.\n")
    assert desk("password", "ann", "--password-stdin", typed="nine dry badgers\n")[0] == 0
    assert User.objects.get(username="ann").check_password("nine dry badgers")
    assert {author for *_, author in acts()} == {"command line"}


@pytest.mark.parametrize(
    ("words", "typed", "why"),
    [
        (["disable", "eve"], "", "NAME = 'eve'"),
        (["add", "ben", "--role", "clinician", "--password-stdin"], "short\n", "at least 12 characters"),
        (["add", "ben", "--role", "clinician", "--password-stdin"], "", "password is too weak; allowed: another one."),
        (["add", "ben", "--role", "clinician", "--password-stdin"], "seven wet\0otters\n", "password is not printable"),
        (["add", "carl smith", "--role", "clinician"], "", "NAME = 'carl smith'"),
        (["password", "eve"], "", "NAME = 'eve'"),
        (["add", "ben", "--role", "clinician", "--password-stdin"], "seven wet \udcff otters\n", "UTF-8"),
        (["add", "ben", "--role", "clinician"], "", "a terminal to ask on, or --password-stdin"),
    ],
)
def test_the_command_refuses_in_one_sentence(words: list[str], typed: str, why: str, desk) -> None:
    code, said = desk(*words, typed=typed)
    assert code == 2
    assert why in said
    assert said.count("\n") == 1
    assert not User.objects.exists()


@pytest.mark.parametrize(("second", "code"), [(GOOD, 0), ("nine dry badgers", 2)])
def test_a_password_is_typed_twice_without_being_shown(
    second: str, code: int, desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = [GOOD, second]
    monkeypatch.setattr("getpass.getpass", lambda prompt: answers.pop(0))
    monkeypatch.setattr("io.StringIO", Terminal)
    told, said = desk("add", "ann", "--role", "therapist")
    assert (told, GOOD in said) == (code, False)
    assert User.objects.count() == (1 if code == 0 else 0)


def shell(data: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "OPENTRACTION_DATA": str(data)}
    environment["DJANGO_SETTINGS_MODULE"] = "opentraction.app.settings"
    return subprocess.run(
        [sys.executable, "-m", *words], env=environment, input=typed, capture_output=True, text=True, check=False
    )


def test_from_a_real_shell(tmp_path: Path) -> None:
    data = tmp_path / "clinic"
    none = shell(data, "opentraction", "user", "list")
    assert (none.returncode, none.stdout) == (2, "")
    assert "opentraction run --data DIR makes one" in none.stderr
    assert not data.exists(), "asking makes no clinic"
    assert shell(data, "django", "migrate", "--verbosity", "0").returncode == 0
    words = ["opentraction", "user", "add", "ann", "--role", "clinician", "--password-stdin"]
    assert shell(data, *words, typed=f"{GOOD}\n").stdout == "Added ann, clinician.\n"
    again = shell(data, *words, typed=f"{GOOD}\n")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "ann" in shell(data, "opentraction", "user", "list", "--data", str(data)).stdout
    (data / "clinic.sqlite3").write_bytes(b"no database at all" * 100)
    torn = shell(data, "opentraction", "user", "list")
    assert (torn.returncode, torn.stderr.count("\n"), "Traceback" in torn.stderr) == (2, 1, False)
