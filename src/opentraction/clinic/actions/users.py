"""Who may sign in: adding a user, closing and opening one again, a new password. Done by whoever runs the machine.

No page leads here. The author stands in the audit row's detail, because the command line is no user of the clinic.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.quantities import BadInput

ROLES: Final = {"clinician": roles.CLINICIANS, "assistant": roles.ASSISTANTS}


@transaction.atomic
def add_user(name: str, role: str, password: str, *, author: str) -> User:
    """A new user with one role. Raises BadInput for a name that is taken or none, a strange role, a weak password."""
    if role not in ROLES:
        raise BadInput("role", role, "one of " + ", ".join(ROLES))
    user = User(username=User.normalize_username(name))
    _check_name(user)
    _set_password(user, password)
    user.save()
    roles.give(user, ROLES[role])
    record("add user", user, by=None, author=author, role=role)
    return user


@transaction.atomic
def set_password(name: str, password: str, *, author: str) -> User:
    """Another password; every page this user has open ends. Raises BadInput."""
    user = _named(name)
    _set_password(user, password)
    user.save()
    record("set password", user, by=None, author=author)
    return user


@transaction.atomic
def set_active(name: str, active: bool, *, author: str) -> User:
    """Close a user, who stays in the record but cannot sign in, or open one again. Raises BadInput."""
    user = _named(name)
    user.is_active = active
    user.save()
    record("enable user" if active else "disable user", user, by=None, author=author)
    return user


def role_of(user: User) -> str:
    """The user's roles in words; a dash for none."""
    groups = set(user.groups.values_list("name", flat=True))
    return ", ".join(role for role, group in ROLES.items() if group in groups) or "–"


def _named(name: str) -> User:
    found = User.objects.select_for_update().filter(username=User.normalize_username(name))
    user = found.first() if name.isprintable() else None  # a database may not even take what is no text
    if user is None:
        raise BadInput("NAME", name, "the name of a user of this clinic; opentraction user list shows them")
    return user


def _check_name(user: User) -> None:
    """Django's rules, and no two names that differ in capitals only: people would take one for the other."""
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError:
        raise BadInput("NAME", user.username, "1 to 150 letters, digits and @ . + - _, without spaces") from None
    if User.objects.filter(username__iexact=user.username).exists():
        raise BadInput("NAME", user.username, "a name that nobody here has yet, capitals aside")


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        raise BadInput("password", "(not shown)", f"another one. {' '.join(refusal.messages).rstrip('.')}") from None
    user.set_password(password)
