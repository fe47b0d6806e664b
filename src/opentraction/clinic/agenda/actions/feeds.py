"""A private calendar address for somebody of the staff."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.agenda.models import Feed
from opentraction.clinic.tokens import new_token, token_hash


@transaction.atomic
def open_feed(*, by: User, now: datetime) -> str:
    """A new address, told once; the one before leads nowhere from now on."""
    roles.require(by, roles.BOOK)
    place = roles.place_of(by)
    assert place is not None
    _close(by, now)
    token = new_token()
    row = Feed(user=by, clinic=place.clinic, token_sha256=token_hash(token), made=now)
    row.save()
    record("open calendar feed", row, by=by)
    return token


@transaction.atomic
def close_feed(*, by: User, now: datetime) -> None:
    """The address leads nowhere any more."""
    roles.require(by, roles.BOOK)
    _close(by, now)


def feed_of(token: str) -> Feed | None:
    """The open feed behind a word, of somebody who still works there; else None."""
    rows = Feed.objects.filter(token_sha256=token_hash(token), closed=None).select_related("user", "clinic")
    feed = rows.first()
    if feed is None or not feed.user.is_active:
        return None
    place = roles.find_place(feed.user, feed.clinic_id)
    return feed if place and place.clinic == feed.clinic and roles.BOOK in place.acts else None


def _close(user: User, now: datetime) -> None:
    place = roles.place_of(user)
    assert place is not None
    for row in Feed.objects.select_for_update().filter(user=user, clinic=place.clinic, closed=None):
        row.closed = now
        row.save()
        record("close calendar feed", row, by=user)
