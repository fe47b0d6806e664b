"""`opentraction user`: who may sign in to the console."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from opentraction.quantities import BadInput, State

if TYPE_CHECKING:
    from opentraction.clinic.models import Clinic

AUTHOR: Final = "command line"


def main(chosen: argparse.Namespace) -> int:
    """Do one act, with its audit row, and say so."""
    acts = {"add": _add, "role": _role, "list": _list, "password": _password, "disable": _disable, "enable": _enable}
    act = (acts | {"second-factor": _second_factor})[chosen.act]
    open_clinic(chosen.data)
    from django.db import DatabaseError

    try:
        print(act(chosen))
    except DatabaseError as error:
        raise BadInput("--data", str(chosen.data), f"a clinic whose database can be used ({error})") from None
    return 0


def open_clinic(data: Path) -> None:
    """Set Django up on the clinic in the folder `data`. Raises BadInput where there is none; makes nothing."""
    embedded = not os.environ.get("OPENTRACTION_DATABASE_URL")
    if embedded and not (data / "clinic.sqlite3").is_file():
        raise BadInput("--data", str(data), "the folder of a clinic; opentraction run --data DIR makes one")
    os.environ["OPENTRACTION_DATA"] = str(data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opentraction.app.settings")
    import django

    django.setup()


def _add(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.actions.users import add_user, check_new_name

    check_new_name(chosen.name)  # before anybody is asked for a password
    clinic = _clinic(chosen)
    password = ask_password(chosen.password_stdin)
    user = add_user(chosen.name, chosen.role, password, author=AUTHOR, clinic=clinic)
    return f"Added {user.username}, {chosen.role}."


def _clinic(chosen: argparse.Namespace) -> Clinic | None:
    """The clinic that was named; None for the first."""
    from opentraction.clinic.actions.clinics import find_clinic

    return find_clinic(chosen.clinic) if chosen.clinic else None


def _role(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.actions.users import give_role, role_of, take_role

    change, role = (give_role, chosen.give) if chosen.give else (take_role, chosen.take)
    user = change(chosen.name, role, _clinic(chosen), author=AUTHOR)
    return f"{user.username} is now: {role_of(user)}."


def _second_factor(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.actions.second_factor import codes_left, has, turn_off
    from opentraction.clinic.actions.users import find_user

    user = find_user(chosen.name)
    if chosen.reset:
        turn_off(user, by=None, author=AUTHOR)
        return f"Reset. {user.username} signs in with the password alone until it is set up again."
    state = f"in use, {codes_left(user)} recovery codes left" if has(user) else "not in use"
    return f"{user.username}: {state}."


def _password(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.actions.users import find_user, set_password

    find_user(chosen.name)
    user = set_password(chosen.name, ask_password(chosen.password_stdin), author=AUTHOR)
    return f"Changed the password of {user.username}. Every page open under that name ends."


def _disable(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.actions.users import set_active

    return f"Disabled {set_active(chosen.name, False, author=AUTHOR).username}. What they did stays in the record."


def _enable(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.actions.users import set_active

    return f"Enabled {set_active(chosen.name, True, author=AUTHOR).username}."


def _list(chosen: argparse.Namespace) -> str:
    from django.contrib.auth.models import User

    from opentraction.clinic.actions.users import role_of

    lines = [f"{'name':20} {'role':24} {'may sign in':12} last signed in (UTC)"]
    for user in User.objects.order_by("username"):
        last = f"{user.last_login:%Y-%m-%d %H:%M}" if user.last_login else "never"
        lines.append(f"{user.username:20} {role_of(user):24} {'yes' if user.is_active else 'no':12} {last}")
    return "\n".join(lines)


def ask_password(from_stdin: bool) -> str:
    """Typed twice on the terminal without echo, or the first line of standard input. Raises BadInput."""
    if from_stdin:
        return _first_line()
    if not sys.stdin.isatty():
        raise BadInput("password", State("not given"), "a terminal to ask on, or --password-stdin")
    try:
        first, second = getpass.getpass("Password: "), getpass.getpass("Once more: ")
    except EOFError:
        raise BadInput("password", State("not given"), "a password, typed twice") from None
    if first != second:
        raise BadInput("password", State("not the same both times"), "the same one typed twice")
    return first


def _first_line() -> str:
    try:
        line = sys.stdin.readline().rstrip("\r\n")
        line.encode()
    except UnicodeError:
        raise BadInput("password", State("not text"), "text in UTF-8") from None
    return line
