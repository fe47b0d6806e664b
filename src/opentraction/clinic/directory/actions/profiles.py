"""What staff keep of a specialist: checks of credentials, evidence of competence, and what can be searched for."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.specialists import checks
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.directory.models import CredentialCheck, Offer, Profile, Specialist
from opentraction.quantities import BadInput

KEEP: Final = roles.PRESCRIBE
"""Who may keep the directory."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A profile as it was typed in, read. None is unknown."""

    device_training: str = ""
    device_training_on: date | None = None
    board: str = ""
    years: int | None = None
    sessions_a_year: int | None = None
    outcomes_n: int | None = None
    outcomes_better: int | None = None
    adverse_n: int | None = None
    fee: str = ""
    refund: bool | None = None


@transaction.atomic
def check_credential(
    specialist: Specialist,
    what: str,
    found: str,
    source: str,
    number: str = "",
    valid_until: date | None = None,
    *,
    by: User,
    now: datetime,
) -> CredentialCheck:
    """Note what was found in which register. Raises BadInput."""
    roles.require(by, KEEP)
    _one_of("what", what, list(checks()))
    _one_of("found", found, [word for word, _ in CredentialCheck.FOUND])
    check = CredentialCheck(
        specialist=specialist,
        what=what,
        found=found,
        source=_line("source", source, 200, needed=True),
        number=_line("number", number, 40),
        valid_until=valid_until,
        by=by,
        at=now,
    )
    check.save()
    record("check credential", specialist, by=by, what=what, found=found)
    return check


@transaction.atomic
def keep_profile(
    specialist: Specialist, evidence: Evidence, languages: list[str], insurers: list[str], *, by: User, now: datetime
) -> Profile:
    """Replace what is known of competence, cost, languages and insurers. Raises BadInput."""
    roles.require(by, KEEP)
    _possible(evidence)
    profile = Profile.objects.filter(specialist=specialist).first() or Profile(specialist=specialist)
    for field in fields(Evidence):
        setattr(profile, field.name, getattr(evidence, field.name))
    profile.changed, profile.changed_by = now, by
    profile.save()
    _offer(specialist, Offer.LANGUAGE, [_language(one) for one in languages])
    _offer(specialist, Offer.INSURANCE, [_line("insurance", one, 60).casefold() for one in insurers])
    _offer(specialist, Offer.FEE, [""] if evidence.fee else [])
    _offer(specialist, Offer.REFUND, [""] if evidence.refund else [])
    record("change specialist", specialist, by=by)
    return profile


@transaction.atomic
def says_works_here(specialist: Specialist, username: str, *, by: User, now: datetime) -> Profile:
    """Link the listing to one of our users, or to none; their treatments are then visits to review. Raises BadInput."""
    roles.require(by, KEEP)
    user = User.objects.filter(username=username).first() if username else None
    if username and user is None:
        raise BadInput("user", username, "the name of a user of this clinic")
    taken = Profile.objects.filter(works_here=user).exclude(specialist=specialist).first() if user else None
    if taken:
        raise BadInput("user", username, f"a user who is not listed already, as {taken.specialist.name}")
    profile = Profile.objects.filter(specialist=specialist).first() or Profile(specialist=specialist)
    profile.works_here, profile.changed, profile.changed_by = user, now, by
    profile.save()
    record("link specialist", specialist, by=by, user=username)
    return profile


def _possible(evidence: Evidence) -> None:
    for name in ("device_training", "board"):
        _line(name, getattr(evidence, name), 120)
    _line("fee", evidence.fee, 80)
    n = evidence.outcomes_n
    for name in ("outcomes_better", "adverse_n"):
        count = getattr(evidence, name)
        if count is not None and (n is None or count > n):
            raise BadInput(name, count, "no more than the patients counted, and their number with it")


def _offer(specialist: Specialist, kind: str, values: list[str]) -> None:
    wanted = set(values)
    mine = Offer.objects.filter(specialist=specialist, kind=kind, from_file=False)
    mine.exclude(value__in=wanted).delete()
    for value in sorted(wanted):
        Offer.objects.get_or_create(specialist=specialist, kind=kind, value=value)


def _language(code: str) -> str:
    if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha()):
        raise BadInput("languages", code, "codes such as en, es")
    return code.lower()


def _one_of(where: str, value: str, words: list[str]) -> None:
    if value not in words:
        raise BadInput(where, value, "one of " + ", ".join(words))


def _line(where: str, text: str, longest: int, needed: bool = False) -> str:
    short = text.strip()
    if len(short) > longest or not short.isprintable() or (needed and not short):
        raise BadInput(where, text, f"{'' if needed else 'nothing, or '}one line of at most {longest} characters")
    return short
