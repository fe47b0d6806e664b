"""Who may sign in: adding a user, closing and opening one again, a new password. Done by whoever runs the machine.

No page leads here. The author stands in the audit row's detail, because the command line is no user of the clinic.
"""

from __future__ import annotations

import re
from typing import Final

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.quantities import BadInput, State

ROLES: Final = {"clinician": roles.CLINICIANS, "assistant": roles.ASSISTANTS}
_NAME: Final = re.compile(r"[A-Za-z0-9@.+_-]{1,150}")
_NAMES: Final = "1 to 150 letters a to z, digits and @ . + - _, without spaces, a letter or digit among them"
"""Latin letters alone: in other scripts stand letters that look the same and make another name."""


@transaction.atomic
def add_user(name: str, role: str, password: str, *, author: str) -> User:
    """A new user with one role. Raises BadInput for a name that is taken or none, a strange role, a weak password."""
    if role not in ROLES:
        raise BadInput("role", role, "one of " + ", ".join(ROLES))
    check_new_name(name)
    user = User(username=name)
    _set_password(user, password)
    user.save()
    roles.give(user, ROLES[role])
    record("add user", user, by=None, author=author, role=role)
    return user


@transaction.atomic
def set_password(name: str, password: str, *, author: str) -> User:
    """Another password; every page this user has open ends. Raises BadInput."""
    user = find_user(name)
    _set_password(user, password)
    user.save()
    record("set password", user, by=None, author=author)
    return user


@transaction.atomic
def set_active(name: str, active: bool, *, author: str) -> User:
    """Close a user, who stays in the record but cannot sign in, or open one again. Raises BadInput."""
    user = find_user(name)
    user.is_active = active
    user.save()
    record("enable user" if active else "disable user", user, by=None, author=author)
    return user


def role_of(user: User) -> str:
    """The user's roles in words; a dash for none."""
    groups = set(user.groups.values_list("name", flat=True))
    return ", ".join(role for role, group in ROLES.items() if group in groups) or "–"


def find_user(name: str) -> User:
    """The user of that name. Raises BadInput."""
    found = User.objects.select_for_update().filter(username=User.normalize_username(name))
    user = found.first() if name.isprintable() else None  # a database may not even take what is no text
    if user is None:
        raise BadInput("NAME", name, "the name of a user of this clinic; opentraction user list shows them")
    return user


def check_new_name(name: str) -> None:
    """A plain name, and no two that differ in capitals only: people would take one for the other. Raises BadInput."""
    if not _NAME.fullmatch(name) or not any(map(str.isalnum, name)):
        raise BadInput("NAME", name, _NAMES)
    if User.objects.filter(username__iexact=name).exists():
        raise BadInput("NAME", name, "a name that nobody here has yet, capitals aside")


def _set_password(user: User, password: str) -> None:
    if not password.isprintable():  # a form takes none of them: such a password could never sign in
        raise BadInput("password", State("not printable"), "characters that can be typed, no control characters")
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise BadInput(
            "password", State("too weak"), f"another one. {' '.join(refusal.messages).rstrip('.')}"
        ) from None
    user.set_password(password)
