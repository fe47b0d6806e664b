"""Reviews: asked for after a visit, written once with the letter of that visit, hidden or answered by fixed rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from opentraction.care.specialists import reply
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.directory.actions.profiles import KEEP
from opentraction.clinic.directory.models import Review, Specialist
from opentraction.clinic.directory.visits import Visit, visits_of
from opentraction.quantities import BadInput, State

SALT: Final = "opentraction.directory.review"
VALID: Final = timedelta(days=60)
LONGEST: Final = 1000
TAKEN_BACK: Final = "taken back"
"""Why words are hidden that their author took back; no reason that staff can choose."""


def invitation(visit: Visit) -> str:
    """The signed word in a review's address. It names the visit by a keyed hash only."""
    said = {"specialist": visit.specialist_id, "visit": _mark(visit), "month": visit.day.replace(day=1).isoformat()}
    return signing.dumps(said, salt=SALT)


def _mark(visit: Visit) -> str:
    return salted_hmac(SALT, visit.id, algorithm="sha256").hexdigest()


def read_invitation(word: str) -> dict[str, Any]:
    """What the signed word says. Raises BadInput for one that is not ours, too old, or used."""
    said = _said(word, VALID)
    if Review.objects.filter(visit=said["visit"]).exists():
        raise used()
    return said


def _said(word: str, lasts: timedelta | None) -> dict[str, Any]:
    try:
        said: dict[str, Any] = signing.loads(word, salt=SALT, max_age=lasts)
    except signing.BadSignature:
        allowed = f"the address we gave after the visit, for {VALID.days} days"
        raise BadInput("review", State("not open under this address"), allowed) from None
    return said


def written_by(word: str) -> Review | None:
    """The review that was written under this address, however long ago; None where there is none."""
    try:
        return Review.objects.filter(visit=_said(word, None)["visit"]).first()
    except BadInput:
        return None


@transaction.atomic
def take_back(word: str) -> Review:
    """The words of the review of this address are shown no more: only who was given it can ask. Raises BadInput.

    The stars stay and count: who rates may not be weeded out later, and they tell nothing of anybody.
    """
    review = written_by(word)
    if review is None:
        raise BadInput("review", State("not written under this address"), "the address under which it was written")
    review.hidden = TAKEN_BACK
    review.save()
    record("take review back", review.specialist, by=None, review=review.pk)
    return review


def used() -> BadInput:
    """A visit is reviewed once."""
    return BadInput("review", State("written already"), "one review for each visit")


@transaction.atomic
def write_review(word: str, stars: str, words: str, *, today: date) -> Review:
    """The review of the visit that the word stands for. Raises BadInput."""
    said = read_invitation(word)
    if stars not in {"1", "2", "3", "4", "5"}:
        raise BadInput("stars", stars, "1 to 5")
    text = words.replace("\r\n", "\n").strip()
    if len(text) > LONGEST or not text.replace("\n", "").isprintable():
        raise BadInput("words", text, f"up to {LONGEST} characters that can be printed")
    specialist = Specialist.objects.get(pk=said["specialist"])
    month = date.fromisoformat(said["month"])
    review = Review(
        specialist=specialist, visit=said["visit"], visit_day=month, stars=int(stars), words=text, written=today
    )
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError:
        raise used() from None
    record("write review", specialist, by=None, review=review.pk, stars=review.stars)
    return review


@transaction.atomic
def answer_review(review: Review, choice: str, *, by: User) -> Review:
    """Answer with one of the fixed texts. Raises BadInput."""
    roles.require(by, KEEP)
    reply(choice)
    review.reply, review.replied_by = choice, by
    review.save()
    record("answer review", review.specialist, by=by, review=review.pk, reply=choice)
    return review


@transaction.atomic
def hide_words(review: Review, why: str, *, by: User) -> Review:
    """Hide the words for one of three reasons, shown in their place; the stars stay and count. Raises BadInput.

    Being unwelcome is no reason: hiding bad reviews because they are bad is what 16 CFR 465.7 forbids (from memory,
    unverified).
    """
    roles.require(by, KEEP)
    reasons = [reason for reason, _ in Review.HIDDEN]
    if why not in reasons:
        raise BadInput("why", why, "one of " + ", ".join(reasons))
    review.hidden = why
    review.save()
    record("hide review", review.specialist, by=by, review=review.pk, why=why)
    return review


def open_visits(specialist: Specialist, by: User) -> list[Visit]:
    """Visits of this specialist here that nobody has reviewed yet, the latest first."""
    found = visits_of(specialist, by)
    marks = {_mark(visit): visit for visit in found}
    done = set(Review.objects.filter(visit__in=list(marks)).values_list("visit", flat=True))
    return [visit for mark, visit in marks.items() if mark not in done]
