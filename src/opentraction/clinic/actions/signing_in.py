"""Guessing passwords takes ever longer, and keeps nobody out: bad tries are counted, and each costs a longer wait.

A try from a strange browser counts against the name (at most 3 min to wait, so that a stranger cannot keep a clinician
out for long) and against the address (at most 15 min, after many tries, for a clinic may have one address). A browser
that has signed in as this name before has a count of its own: what strangers do does not make its owner wait. The
pattern is OWASP's "device cookies". A try is counted before the password is looked at, so that a hundred at once are
a hundred tries.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from opentraction.clinic.actions.audit import record
from opentraction.clinic.models import SignInCount

FIRST_WAIT = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Counted:
    """What is counted, how many tries cost no wait, and the longest wait."""

    what: str
    free: int
    longest: timedelta

    @property
    def key(self) -> str:
        """What stands in the database for it."""
        return salted_hmac("opentraction.sign-in", self.what, algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class Try:
    """One try to sign in: as whom, from where, and the mark of a browser that has signed in as this name before."""

    name: str
    address: str
    browser: str = ""

    @property
    def counted(self) -> list[Counted]:
        """What this try counts against, in one order for all, so that two tries never wait for each other."""
        if self.browser:
            return [Counted(f"browser {self.browser}", 5, timedelta(minutes=3))]
        address = Counted(f"address {network(self.address)}", 20, timedelta(minutes=15))
        return [address, Counted(f"name {plain(self.name)}", 5, timedelta(minutes=3))]


def in_words(wait: timedelta) -> str:
    """A wait as a person says it, never too short: `40 seconds`, `3 minutes`."""
    seconds = ceil(wait.total_seconds())
    count, unit = (seconds, "second") if seconds <= 60 else (ceil(seconds / 60), "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def plain(name: str) -> str:
    """A name as it is counted: however it is spelt."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def network(address: str) -> str:
    """An address as it is counted: of IPv6 the half that a network owns."""
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((one, 64), strict=False)) if one.version == 6 else str(one)


@transaction.atomic
def begin_try(one: Try, now: datetime) -> timedelta:
    """Count a try. Zero when it may go on, else how long to wait first; a try that must wait is not counted."""
    SignInCount.objects.filter(last__lt=now - FORGOTTEN_AFTER).delete()
    rows = [_row(counted, now) for counted in one.counted]
    wait = max(row.wait_until for row in rows) - now
    if wait > timedelta(0):
        return wait
    for counted, row in zip(one.counted, rows, strict=True):
        row.tries += 1
        row.last, row.wait_until = now, now + _wait(row.tries, counted)
        row.save()
    return timedelta(0)


@transaction.atomic
def note_bad_try(one: Try, what: str = "password") -> None:
    """Write the bad try down, with the name only where it is one of ours: it may be a password in the wrong field."""
    user = User.objects.filter(username=one.name).first()
    rows = list(SignInCount.objects.filter(key__in=[counted.key for counted in one.counted]))
    worst = max(rows, key=lambda row: row.wait_until)
    wait = round((worst.wait_until - worst.last).total_seconds())
    tried = user.username if user else "unknown name"
    detail: dict[str, Any] = {"tried": tried, "address": one.address, "wait_s": wait}
    if what != "password":
        detail["what"] = what
    record("refuse sign-in", worst, by=None, **detail)


@transaction.atomic
def note_sign_in(one: Try, user: User) -> None:
    """Signed in: the name, or the browser, starts afresh; the address gets this one try back."""
    forget_tries(one)
    record("sign in", user, by=user, address=one.address)


@transaction.atomic
def give_back(one: Try) -> None:
    """The password was right and a code is asked for next: this try costs nothing, those before stay counted."""
    rows = SignInCount.objects.select_for_update().filter(key__in=[counted.key for counted in one.counted])
    rows.update(tries=models.F("tries") - 1, wait_until=models.F("last"))


@transaction.atomic
def forget_tries(one: Try) -> None:
    """It was right: what was counted against it counts no more."""
    for counted in one.counted:
        rows = SignInCount.objects.select_for_update().filter(key=counted.key)
        if counted.what.startswith("address"):
            rows.update(tries=models.F("tries") - 1, wait_until=models.F("last"))
        else:
            rows.delete()


@transaction.atomic
def note_sign_out(user: User) -> None:
    """Signed out by hand."""
    record("sign out", user, by=user)


def _row(counted: Counted, now: datetime) -> SignInCount:
    """The count, locked; it begins at nothing."""
    fresh = {"last": now, "wait_until": now}
    return SignInCount.objects.select_for_update().get_or_create(key=counted.key, defaults=fresh)[0]


def _wait(tries: int, counted: Counted) -> timedelta:
    """Nothing for the free tries, then a minute, doubling up to the longest."""
    beyond = tries - counted.free
    if beyond < 0:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(beyond, 10)), counted.longest)
