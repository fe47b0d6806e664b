"""Who may sign in: adding a user, roles, closing and opening one again, a new password.

Whoever runs the machine does this at its command line and stands as `author` in the audit row's detail, for the command
line is no user of the clinic. An administrator does the same on a page (`actions/people.py`), and is the row's `by`.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.api.actions.keys import close_keys_of
from opentraction.clinic.models import Clinic
from opentraction.clinic.models.clinic import first_clinic
from opentraction.quantities import BadInput, State

STAFF: Final = tuple(role for role in roles.ROLES if role != roles.PATIENT)
"""A patient's account is made with the patient it is of, not here."""
_NAME: Final = re.compile(r"[A-Za-z0-9@.+_-]{1,150}")
_NAMES: Final = "1 to 150 letters a to z, digits and @ . + - _, without spaces, a letter or digit among them"
"""Latin letters alone: in other scripts stand letters that look the same and make another name."""


@transaction.atomic
def add_user(
    name: str, role: str, password: str, *, author: str = "", by: User | None = None, clinic: Clinic | None = None
) -> User:
    """A new user with one role. Raises BadInput for a name that is taken or none, a strange role, a weak password."""
    check_role(role)
    check_new_name(name)
    user = User(username=name)
    set_checked_password(user, password)
    user.save()
    where = clinic or first_clinic()
    roles.give(user, role, where, by)
    record("add user", user, by=by, clinic=where, **_author(author), role=role)
    return user


@transaction.atomic
def give_role(name: str, role: str, clinic: Clinic | None = None, *, author: str = "", by: User | None = None) -> User:
    """One more role in a clinic. Raises BadInput."""
    check_role(role)
    user, where = find_user(name), clinic or first_clinic()
    roles.give(user, role, where, by)
    record("give role", user, by=by, clinic=where, **_author(author), role=role)
    return user


@transaction.atomic
def take_role(name: str, role: str, clinic: Clinic | None = None, *, author: str = "", by: User | None = None) -> User:
    """A role less in a clinic. Raises BadInput where the user does not have it."""
    user, where = find_user(name), clinic or first_clinic()
    if not user.memberships.filter(clinic=where, role=role, active=True).exists():
        raise BadInput("role", role, f"a role that {name} has in {where}")
    roles.take(user, role, where, by)
    record("take role", user, by=by, clinic=where, **_author(author), role=role)
    return user


@transaction.atomic
def set_password(name: str, password: str, *, author: str) -> User:
    """Another password; every page this user has open ends, and every key of theirs. Raises BadInput."""
    user = find_user(name)
    set_checked_password(user, password)
    user.save()
    record("set password", user, by=None, author=author)
    close_keys_of(user, by=None, now=timezone.now(), author=author)
    return user


@transaction.atomic
def change_own_password(user: User, password: str) -> None:
    """Another one, by the user, who has just given the old one; keys stay as they are. Raises BadInput."""
    set_checked_password(user, password)
    user.save()
    record("change own password", user, by=user)


@transaction.atomic
def set_active(name: str, active: bool, *, author: str = "", by: User | None = None) -> User:
    """Close a user, who stays in the record but cannot sign in, or open one again. Raises BadInput."""
    user = find_user(name)
    user.is_active = active
    user.save()
    record("enable user" if active else "disable user", user, by=by, **_author(author))
    return user


def role_of(user: User, clinic: Clinic | None = None) -> str:
    """The user's roles in words, in one clinic or in all; a dash for none."""
    rows = user.memberships.filter(active=True, **({"clinic": clinic} if clinic else {}))
    own = set(rows.values_list("role", flat=True))
    return ", ".join(role for role in roles.ROLES if role in own) or "–"


@transaction.atomic
def find_user(name: str) -> User:
    """The user of that name. Raises BadInput."""
    found = User.objects.select_for_update().filter(username=User.normalize_username(name))
    user = found.first() if name.isprintable() else None  # a database may not even take what is no text
    if user is None:
        raise BadInput("NAME", name, "the name of a user of this clinic; opentraction user list shows them")
    return user


def check_role(role: str) -> None:
    """A role of those who work here. Raises BadInput."""
    if role not in STAFF:
        raise BadInput("role", role, "one of " + ", ".join(STAFF))


def check_new_name(name: str) -> None:
    """A plain name, and no two that differ in capitals only: people would take one for the other. Raises BadInput."""
    if not _NAME.fullmatch(name) or not any(map(str.isalnum, name)):
        raise BadInput("NAME", name, _NAMES)
    if User.objects.filter(username__iexact=name).exists():
        raise BadInput("NAME", name, "a name that nobody here has yet, capitals aside")


def set_checked_password(user: User, password: str) -> None:
    """Set one that can be typed and is not too weak; the caller saves. Raises BadInput."""
    if not password.isprintable():  # a form takes none of them: such a password could never sign in
        raise BadInput("password", State("not printable"), "characters that can be typed, no control characters")
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise BadInput(
            "password", State("too weak"), f"another one. {' '.join(refusal.messages).rstrip('.')}"
        ) from None
    user.set_password(password)


def _author(author: str) -> dict[str, Any]:
    return {"author": author} if author else {}
