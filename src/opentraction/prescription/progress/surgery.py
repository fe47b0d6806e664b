"""When to ask a surgeon: referral triggers, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from opentraction.prescription.progress.questions import Question, ask
from opentraction.prescription.progress.rules import Book, Reason, shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the triggers look at; None is not known. `odi` in percent, `limb` pain 0-10, `onset` of the symptoms."""

    today: date
    red_flags: tuple[str, ...] | None = None
    strength_drop: int | None = None
    weakest_muscle: int | None = None
    odi: float | None = None
    limb: int | None = None
    onset: date | None = None
    imaging_fits: bool | None = None
    worthwhile: bool | None = None
    looked: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Referral:
    """A reason to refer, and how soon."""

    reason: Reason
    urgency: str


def surgical_referral(found: Findings, rules: Book | None = None) -> tuple[tuple[Referral, ...], tuple[Question, ...]]:
    """Every trigger that fires, most urgent first, and what would have to be known to judge the rest."""
    book = rules or shipped()
    fired = [*_urgent(found, book), *_lasting(found, book)]
    if found.looked and found.worthwhile is False:
        fired.append(Referral(book["U04"].says(), "soon"))
    if found.asks:
        fired.append(Referral(book["U05"].says(), "soon"))
    return (*fired, *_decision(found, book)), _open(found, book)


def _urgent(found: Findings, book: Book) -> Iterator[Referral]:
    flags = set(found.red_flags or ())
    if flags & {"R01", "V1"}:
        yield Referral(book["U01"].says(), "as an emergency")
    dropped = found.strength_drop is not None and found.strength_drop >= book["C02"]["least"]
    weak = found.weakest_muscle is not None and found.weakest_muscle <= book["C03"]["most"]
    if flags & {"R02", "V2"} or dropped or weak:
        yield Referral(book["U02"].says(), "the same day")
    if "R03" in flags:
        yield Referral(book["U07"].says(), "the same day")


def _days(found: Findings) -> int | None:
    return None if found.onset is None else (found.today - found.onset).days


def _lasting(found: Findings, book: Book) -> Iterator[Referral]:
    rule, days = book["U03"], _days(found)
    if found.odi is None or found.limb is None or days is None or not found.imaging_fits:
        return
    if found.odi >= rule["odi"] and found.limb >= rule["limb"] and days >= rule["days_after"]:
        said = rule.says(odi_now=f"{found.odi:g} %", limb_now=found.limb, weeks=days // 7)
        yield Referral(said, "soon")


def _decision(found: Findings, book: Book) -> Iterator[Referral]:
    rule, days = book["U06"], _days(found)
    if days is None or not found.imaging_fits:
        return
    if any(0 <= days - rule[key] < rule["window_days"] for key in ("first_days", "second_days")):
        yield Referral(rule.says(weeks=days // 7), "")


def _open(found: Findings, book: Book) -> tuple[Question, ...]:
    """Questions of U03, asked only while nothing known already says no."""
    rule, days = book["U03"], _days(found)
    no = (
        (found.odi is not None and found.odi < rule["odi"])
        or (found.limb is not None and found.limb < rule["limb"])
        or (days is not None and days < rule["days_after"])
        or found.imaging_fits is False
    )
    known = (found.odi is not None, found.limb is not None, days is not None, found.imaging_fits is not None)
    keys = ("surgery.odi", "surgery.limb", "surgery.onset", "surgery.mri_concordant")
    asked = found.limb is not None and found.limb >= rule["limb"]
    return ask(*(key for key, there in zip(keys, known, strict=True) if not there)) if asked and not no else ()
