"""Which page of the patient's way comes next, and what stands on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from opentraction.care.consent import Change, changes, version_of
from opentraction.clinic.consents.models import SignedConsent, Signing
from opentraction.clinic.consents.signature_form import SignatureForm
from opentraction.clinic.consents.words import month_in_words, words

STEPS: Final = ("read", "question", "purposes", "sign")
STEP_WORDS: Final = {"read": "read", "question": "questions", "purposes": "purposes", "sign": "sign"}
BACK: Final = ("read", "purposes")
"""Pages a patient may open again before signing."""


def page_of(one: Signing, asked: str, now: datetime) -> str:
    """The first thing that is not done; an earlier page where it is asked for."""
    if not one.is_open(now):
        return "signed" if one.signed is not None else "declined"
    reached = _reached(one)
    return asked if asked in BACK and STEPS.index(asked) < STEPS.index(reached) else reached


def _reached(one: Signing) -> str:
    if not one.read:
        return "read"
    if one.words.wrong(one.answers):
        return "question"
    return "purposes" if set(one.purposes) != {each.id for each in one.words.purposes} else "sign"


def told(one: Signing, page: str, now: datetime) -> dict[str, Any]:
    """What the page's template reads."""
    frame = _frame(one, page)
    if page == "read":
        return frame | {"sections": one.words.for_region(one.region), **_since(one)}
    if page == "question":
        return frame | _question(one)
    if page in {"purposes", "sign"}:
        said = [(each, one.purposes.get(each.id)) for each in one.words.purposes]
        return frame | {"purposes": said, "form": SignatureForm({}, {}), "said": one.purposes, "missing": []}
    return frame


def _frame(one: Signing, page: str) -> dict[str, Any]:
    """Where on the way this is, in words."""
    if page not in STEPS:
        return {}
    around, place = words(one.language), STEPS.index(page)
    step = around["step"].format(n=place + 1, of=len(STEPS))
    return {"step": step, "heading": around[f"step_{STEP_WORDS[page]}"], "steps": range(len(STEPS)), "place": place}


def _question(one: Signing) -> dict[str, Any]:
    """The first one not rightly answered, and whether it was tried."""
    asked = one.words.wrong(one.answers)[0]
    place = [each.id for each in one.words.questions].index(asked.id)
    lead = words(one.language)["question_lead"].format(n=place + 1, of=len(one.words.questions))
    return {"question": asked, "lead": lead, "tried": asked.id in one.answers}


def _since(one: Signing) -> dict[str, Any]:
    """What is different from the words this patient signed last, where those were others."""
    last = SignedConsent.objects.filter(patient=one.patient, region=one.region).order_by("-signed").first()
    if last is None or last.version == one.version:
        return {}
    different: tuple[Change, ...] = changes(version_of(last.version, one.language), one.words, one.region)
    title = words(one.language)["changed_title"].format(month=month_in_words(last.signed, one.language))
    return {"different": different, "changed_title": title}
