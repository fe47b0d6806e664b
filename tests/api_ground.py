"""A program with a key of somebody's, for the tests of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from opentraction.clinic import roles
from opentraction.clinic.api.actions import keys
from opentraction.clinic.api.models import ApiKey
from opentraction.clinic.tokens import token_hash

HERE = "/api/v1"


def token_of(user: User, acts: set[str] | None = None) -> str:
    """A key's text, with `acts` or everything its owner may give; one for each set of acts."""
    given = sorted(keys.OFFERED if acts is None else acts | {roles.WORK})
    token = f"{keys.MARK}{user.pk}-{'-'.join(given)}"
    if not ApiKey.objects.filter(token_sha256=token_hash(token)).exists():
        place, now = roles.find_place(user), timezone.now()
        assert place is not None
        ApiKey(user=user, clinic=place.clinic, name="tests", token_sha256=token_hash(token), made=now, acts=given,
               expires=now + timedelta(days=1)).save()  # fmt: skip
    return token


def with_key(user: User, acts: set[str] | None = None) -> Client:
    """A client that sends the key, and no cookie."""
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token_of(user, acts)}"})


def posted(program: Client, where: str, body: Any) -> Any:
    """What the API answers to a JSON body."""
    return program.post(HERE + where, body, content_type="application/json")
