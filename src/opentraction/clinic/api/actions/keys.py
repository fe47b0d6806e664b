"""Making and closing keys, and finding the one that a program shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.actions.confirming import Confirmed
from opentraction.clinic.actions.signing_in import Counted, Try, network
from opentraction.clinic.api.models import ApiKey
from opentraction.clinic.tokens import new_token, token_hash
from opentraction.quantities import BadInput, State

MARK: Final = "otk_"
"""What every key begins with, so that one left in a file can be searched for."""
LASTS: Final = (7, 30, 90, 365)  # [days]
MOST: Final = 20
"""Open keys that one user may have."""
OFFERED: Final = frozenset(
    {
        roles.WORK,
        roles.FIND,
        roles.LOOK,
        roles.REGISTER,
        roles.BOOK,
        roles.BILL,
        roles.TREAT,
        roles.OUTCOMES,
        roles.EXPORT,
    }
)
"""Acts that a key can have. Signing, prescribing, overriding, managing and emergencies need a person at a page."""
USED_EVERY: Final = timedelta(minutes=1)
"""That a key was used is written down no oftener than this."""


@dataclass(frozen=True)
class KeyTry(Try):
    """A wrong key counts against where it came from; good keys from there go on working."""

    @property
    def counted(self) -> list[Counted]:
        """One count an address."""
        return [Counted(f"key from {network(self.address)}", 20, timedelta(minutes=15))]


@transaction.atomic
def make_key(
    name: str, acts: Iterable[str], days: int, *, by: User, confirmed: Confirmed, now: datetime
) -> tuple[ApiKey, str]:
    """A new key for the clinic where `by` acts, and its text, told this once. Raises BadInput."""
    roles.require(by, roles.WORK)
    place = roles.place_of(by)
    assert place is not None
    if not confirmed.holds(by, now):
        raise BadInput("password", State("not given"), "your own, given again")
    wanted = frozenset(acts)
    _check(name, wanted, days, may_give(by))
    User.objects.select_for_update().get(pk=by.pk)
    if sum(one.opens(now) for one in ApiKey.objects.filter(user=by, closed=None)) >= MOST:
        raise BadInput("keys", MOST, f"at most {MOST} open ones; close one first")
    token = MARK + new_token()
    row = ApiKey(
        user=by, clinic=place.clinic, name=name, token_sha256=token_hash(token), made=now,
        acts=sorted(wanted | {roles.WORK}), expires=now + timedelta(days=days),
    )  # fmt: skip
    row.save()
    record("make key", row, by=by, acts=row.acts, days=days)
    return row, token


def may_give(user: User) -> frozenset[str]:
    """The acts that a key of this user can have here."""
    place = roles.place_of(user)
    return place.acts & OFFERED if place else frozenset()


@transaction.atomic
def close_key(row: ApiKey, *, by: User, now: datetime) -> None:
    """It opens nothing from now on. Its owner may, and whoever manages the clinic that it is for."""
    place = roles.place_of(by)
    manages = place is not None and roles.MANAGE in place.acts and place.clinic.pk == row.clinic_id
    if row.user_id != by.pk and not manages:
        raise PermissionDenied("This key is somebody else's.")
    _close(row, by, now)


@transaction.atomic
def close_keys_of(user: User, *, by: User | None, now: datetime, **detail: Any) -> None:
    """Every key of a user whose password somebody else sets: whoever had the old one may have made them.

    The caller has asked whether `by` may; nobody for the command line, with the author in `detail`.
    """
    for row in ApiKey.objects.filter(user=user, closed=None):
        _close(row, by, now, **detail)


def _close(row: ApiKey, by: User | None, now: datetime, **detail: Any) -> None:
    row = ApiKey.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.closed is None:
        row.closed, row.closed_by = now, by
        row.save()
        record("close key", row, by=by, **detail)


def key_of(token: str, now: datetime) -> ApiKey | None:
    """The open key of this text, whose owner may still sign in and still works there; else None."""
    if not token.startswith(MARK) or not token.isascii():
        return None
    row = ApiKey.objects.filter(token_sha256=token_hash(token)).select_related("user", "clinic").first()
    if row is None or not row.opens(now) or not row.user.is_active:
        return None
    return row if place_for(row) else None


def place_for(row: ApiKey) -> roles.Place | None:
    """Where a key acts: its own clinic, with no more acts than it was given and its owner has."""
    place = roles.find_place(row.user, row.clinic_id)
    if place is None or place.clinic.pk != row.clinic_id or roles.WORK not in place.acts:
        return None
    place.only, place.key = frozenset(row.acts) & OFFERED, row.name
    place.__dict__.pop("acts", None)  # asked above, before it was narrowed
    return place


def note_use(row: ApiKey, now: datetime) -> None:
    """When it was last used, to the minute."""
    if row.last_used is None or now - row.last_used >= USED_EVERY:
        row.last_used = now
        row.save(update_fields=["last_used"])


def _check(name: str, acts: frozenset[str], days: int, own: frozenset[str]) -> None:
    if not 1 <= len(name) <= 60 or not name.isprintable() or name != name.strip():
        raise BadInput("name", name, "1 to 60 letters on one line, such as the program's name")
    if not acts <= own or not acts:
        raise BadInput(
            "acts", ", ".join(sorted(acts - own)) or State("empty"), "one or more of " + ", ".join(sorted(own))
        )
    if days not in LASTS:
        raise BadInput("days", days, "one of " + ", ".join(map(str, LASTS)))
