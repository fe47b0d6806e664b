"""The patient's way through the words: begun by staff, gone by the patient, closed by the signature or by a no."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.consent import checked_drawing, current
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.consents.models import Signing
from opentraction.clinic.consents.models.signing import LANGUAGES, OWN, TABLET
from opentraction.clinic.in_turn import hold
from opentraction.clinic.models import Patient
from opentraction.clinic.tokens import LASTS, TRIES, new_token, token_hash
from opentraction.quantities import BadInput, State
from opentraction.screening import REGIONS

AT_THE_TABLET: Final = timedelta(hours=2)
FRESH: Final = {"read": False, "answers": {}, "wrong": {}, "purposes": {}}
"""What is done again when the words changed on the way."""


@transaction.atomic
def begin(patient: Patient, region: str, language: str, place: str, *, by: User, now: datetime) -> tuple[Signing, str]:
    """The way through the words for one region, and the word of its address. Raises BadInput.

    One that was begun goes on where it stood, at a new address; the old one is closed. Patients begin their own, from
    the portal; like every signature on a screen it counts once somebody of the clinic has witnessed it.
    """
    place_of = roles.place_of(by)
    own = place_of is not None and place_of.patient == patient.pk and place == OWN
    roles.require(by, roles.PORTAL if own else roles.TREAT, of=patient)
    _one_of("region", region, REGIONS)
    _one_of("language", language, dict(LANGUAGES))
    _one_of("place", place, (TABLET, OWN))
    hold(patient)
    signing = Signing.objects.filter(patient=patient, region=region, closed=None, signed=None).first()
    signing = signing or Signing(patient=patient, region=region, begun=now, begun_by=by)
    token = new_token()
    signing.language, signing.place, signing.token_sha256 = language, place, token_hash(token)
    signing.expires, signing.tries = now + (LASTS if place == OWN else AT_THE_TABLET), 0
    _renew(signing, now)
    signing.save()
    record("ask for consent", signing, by=by, region=region, language=language, place=place)
    return signing, token


@transaction.atomic
def enter(signing: Signing, born: date | None, *, now: datetime) -> bool:
    """Whether this birth date opens the address; each wrong one is counted, and the fifth closes it."""
    one = _open(signing, now)
    if born == one.patient.birth_date:
        record("open consent", one, by=None, place=one.place)
        return True
    one.tries += 1
    one.save()
    record("refuse birth date at consent", one, by=None, tries=one.tries, left=TRIES - one.tries)
    return False


@transaction.atomic
def change_language(signing: Signing, language: str, *, now: datetime) -> None:
    """Read on in the other language; answers stay. Raises BadInput."""
    _one_of("language", language, dict(LANGUAGES))
    one = _open(signing, now)
    one.language = language
    one.save()


@transaction.atomic
def read_on(signing: Signing, *, now: datetime) -> None:
    """From the words to the questions."""
    one = _open(signing, now)
    one.read = True
    one.save()


@transaction.atomic
def answer(signing: Signing, question: str, choice: str, *, now: datetime) -> None:
    """One answer to one of the questions; a wrong one is counted, and asked again. Raises BadInput."""
    one = _open(signing, now)
    asked = next((each for each in one.words.questions if each.id == question), None)
    if asked is None:
        raise BadInput("question", question, "one of the questions")
    if choice not in {str(number) for number in range(len(asked.choices))}:
        raise BadInput("answer", State("missing"), "one of the answers")
    one.answers = one.answers | {question: int(choice)}
    if int(choice) != asked.right:
        one.wrong = one.wrong | {question: one.wrong.get(question, 0) + 1}
    one.save()


@transaction.atomic
def say(signing: Signing, purposes: dict[str, bool], *, now: datetime) -> None:
    """Yes or no to each of the further things. Raises BadInput where one is missing."""
    one = _open(signing, now)
    asked = {each.id for each in one.words.purposes}
    if set(purposes) != asked:
        raise BadInput("purposes", State("missing"), "yes or no to each")
    one.purposes = purposes
    one.save()


@transaction.atomic
def sign(signing: Signing, *, given_by: str, representative: str, name: str, drawing: str, now: datetime) -> Signing:
    """The patient's signature. Nothing of it changes from here on. Raises BadInput where something is not done yet."""
    one = _open(signing, now)
    if one.version != current(now.date()).version:
        raise BadInput("words", State("of an earlier version"), "the words of today; read them again")
    if not one.read or one.words.wrong(one.answers):
        raise BadInput("questions", State("not all answered"), "the words read and each question answered rightly")
    if set(one.purposes) != {each.id for each in one.words.purposes}:
        raise BadInput("purposes", State("missing"), "yes or no to each")
    one.given_by = _one_of("given_by", given_by, ("patient", "representative"))
    one.representative = representative.strip() if given_by == "representative" else ""
    one.name, one.drawing = name.strip(), checked_drawing(drawing)
    one.sha256 = one.to_sign(now).sha256
    one.signed = now
    one.save()
    record("sign consent", one, by=None, sha256=one.sha256, version=one.version, place=one.place, wrong=one.wrong)
    return one


@transaction.atomic
def decline(signing: Signing, *, now: datetime) -> None:
    """The patient says no, or not now. Nothing is signed."""
    one = _open(signing, now)
    one.closed, one.because = now, "the patient said no, or not now"
    one.save()
    record("decline consent", one, by=None, place=one.place)


@transaction.atomic
def renew(signing: Signing, *, now: datetime) -> Signing:
    """Begin again with the words of today, where others came into force on the way."""
    one = _open(signing, now)
    _renew(one, now)
    one.save()
    return one


def _renew(signing: Signing, now: datetime) -> None:
    words = current(now.date(), signing.language)
    if signing.version != words.version:
        for name, value in FRESH.items():
            setattr(signing, name, value)
        signing.version = words.version


def _open(signing: Signing, now: datetime) -> Signing:
    """The row as it stands, locked; one that is closed, signed or out of date leads nowhere."""
    one = Signing.objects.select_for_update(of=("self",)).select_related("patient").get(pk=signing.pk)
    if not one.is_open(now):
        raise BadInput("address", State("closed"), "an address that is open; ask the clinic for a new one")
    return one


def _one_of(where: str, value: str, allowed: Collection[str]) -> str:
    if value not in allowed:
        raise BadInput(where, value, "one of " + ", ".join(allowed))
    return value
