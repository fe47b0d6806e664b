"""Who may do what. Clinicians prescribe and sign; assistants look and treat; anyone signed in may stop."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied

CLINICIANS = "clinicians"
ASSISTANTS = "assistants"

LOOK = "look"
TREAT = "treat"
PRESCRIBE = "prescribe"

MAY = {CLINICIANS: {LOOK, TREAT, PRESCRIBE}, ASSISTANTS: {LOOK, TREAT}}

Anyone = AbstractBaseUser | AnonymousUser


def may(user: Anyone, act: str) -> bool:
    """Whether one of the user's groups allows `act`."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    return any(act in MAY.get(name, set()) for name in user.groups.values_list("name", flat=True))


def require(user: Anyone, act: str) -> User:
    """The user, or PermissionDenied (403)."""
    if not isinstance(user, User) or not may(user, act):
        raise PermissionDenied(f"You may not {act} here. Ask a clinician.")
    return user


def is_staff_of_clinic(user: Anyone) -> bool:
    """Whether the user may look at patients at all."""
    return may(user, LOOK)


def give(user: User, role: str) -> None:
    """Put the user into a role's group."""
    user.groups.add(Group.objects.get_or_create(name=role)[0])
