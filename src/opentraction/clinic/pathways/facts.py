"""What the intake tells of one patient, as the facts that roads and payers ask about. None is not known, never no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from opentraction.care.money.sources import read_texts
from opentraction.care.pathways import Facts
from opentraction.clinic.intake.models import Intake, Screening
from opentraction.clinic.intake.standing import newest_screening
from opentraction.clinic.models import Patient
from opentraction.clinic.sessions_of import sessions_of
from opentraction.quantities.toml_file import Table, parse_toml, read_text
from opentraction.screening import REGIONS, TREATS, UNKNOWN, UNSURE, Action, Answer, Cell, rule_book
from opentraction.screening import Intake as Answered
from opentraction.screening.conditions import Condition, parse_condition
from opentraction.screening.cut_offs import CutOff, read_cut_offs
from opentraction.screening.scene import Scene
from opentraction.screening.truth import Truth, either

FILE: Final = Path(__file__).parent / "facts.toml"
WORST: Final = 3
"""A muscle of this grade or less is urgent whatever the untested ones are."""
DAYS_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Known:
    """The answers that hold: those of the newest screening, and over them what a newer intake says already.

    `since` is the day they were given or changed last; `screened` the verdict that counts, None where there is none.
    """

    region: str
    answers: dict[str, Answer]
    since: date
    excludes: bool | None


@dataclass(frozen=True, eq=False)
class Sources:
    """The rows that what is known stands on; two are the same where nothing in them has changed."""

    region: str
    pseudonym: str
    screened: Screening | None
    newest: Intake | None

    def _key(self) -> tuple[object, ...]:
        screened = (self.screened.pk, self.screened.intake_sha256) if self.screened else ()
        newest = (self.newest.pk, self.newest.changed) if self.newest else ()
        return (self.region, self.pseudonym, screened, newest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sources) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def known(self) -> Known:
        """What they tell. Raises BadInput where a stored document was altered."""
        answers = dict(self.screened.snapshot.answers) if self.screened else {}
        if self.newest is not None and (self.screened is None or self.newest.pk != self.screened.intake_id):
            answers |= self.newest.known
        dates = [self.screened.decided] if self.screened else []
        dates += [self.newest.changed] if self.newest else []
        held = Answered.of(self.pseudonym, self.region, answers)
        excludes = None if self.screened is None else self.screened.counts.action not in TREATS
        return Known(self.region, dict(held.answers), max(dates).date(), excludes)


def sources_of(patient: Patient, now: datetime) -> Sources | None:
    """Where what is known of a patient stands; None before any intake. Two quick questions."""
    region = _region(patient)
    if not region:
        return None
    screened = newest_screening(patient, region, now)
    newest = Intake.objects.filter(patient=patient, region=region).first()
    return Sources(region, patient.pseudonym, screened, newest) if screened or newest else None


def known_of(patient: Patient, now: datetime) -> Known | None:
    """What is known of a patient; None before any intake. Raises BadInput where a stored document was altered."""
    sources = sources_of(patient, now)
    return None if sources is None else sources.known()


def _region(patient: Patient) -> str:
    """The patient's own; where that is unstated, the one asked about last."""
    if patient.region in REGIONS:
        return patient.region
    newest = Intake.objects.filter(patient=patient).first()
    return newest.region if newest else ""


def facts_of(known: Known | None, today: date, done: int | None, **more: Any) -> Facts:
    """The facts for the roads: `done` sessions; `more` are those that only a person at the desk can say."""
    told = {} if known is None else truths("pathways", known, today) | _figures(known, today)
    excludes = None if known is None else known.excludes
    return Facts.of({"screening_excludes": excludes, "sessions_done": done, **told, **more})


def sessions_done(patient: Patient) -> int:
    """Sessions that were pulled."""
    return sum(session.pulled for session in sessions_of(patient))


def truths(of: str, known: Known, today: date) -> dict[str, Truth]:
    """Every yes-or-no fact of one table of facts.toml."""
    scene = Scene(known.answers, known.region, today)
    return {name: told.judge(scene) for name, told in _book()[of].items()}


@dataclass(frozen=True, slots=True)
class Told:
    """How one fact is told: by a condition, or by screening's own paragraphs of a rule (`paragraphs`: those alone)."""

    condition: Condition | None
    rule: str
    least: Action
    paragraphs: tuple[str, ...]
    cut_offs: dict[str, CutOff]

    def judge(self, scene: Scene) -> Truth:
        """Whether it is so."""
        if self.condition is not None:
            return scene.judge(self.condition, self.cut_offs).truth
        asked = [
            scene.judge(paragraph.condition, rule.cut_offs).truth
            for rule, paragraph in rule_book().paragraphs(scene.region)
            if rule.id == self.rule
            and paragraph.action >= self.least
            and (not self.paragraphs or paragraph.id in self.paragraphs)
        ]
        return either(asked)


@cache
def _book() -> dict[str, dict[str, Told]]:
    top = parse_toml(read_text(FILE), FILE.name)
    top.only("source", "certainty", "reviewed_by", "cut_offs", "pathways", "cover")
    cuts = read_cut_offs(top.table("cut_offs"))
    return {of: {name: _told(top.table(of).table(name), cuts) for name in top.table(of).data} for of in _TABLES}


_TABLES: Final = ("pathways", "cover")


def _told(table: Table, cuts: dict[str, CutOff]) -> Told:
    table.only("if", "rule", "from", "paragraphs")
    if "if" in table:
        return Told(parse_condition(table.data["if"], table.place("if")), "", Action.OK, (), cuts)
    least = Action[table.word("from", [one.name for one in Action])]
    return Told(None, table.text("rule"), least, read_texts(table, "paragraphs"), {})


def _figures(known: Known, today: date) -> dict[str, Any]:
    """Words and numbers; what is not known is left out."""
    onset = known.answers.get("onset_date")
    found: dict[str, Any] = {
        "region": known.region,
        "worst_key_muscle": _weakest(known),
        "muscle_drop": _whole(known.answers.get("motor_drop")),
        "slip_grade": _slip(known, today),
        "herniation": _herniation(known),
        "odi": _number(known.answers.get("oswestry")),
        "leg_pain": _number(known.answers.get("pain_limb")),
        "weeks_of_symptoms": (today - onset).days // DAYS_A_WEEK
        if isinstance(onset, date) and onset <= today
        else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _number(answer: Answer | None) -> float | None:
    return float(answer) if isinstance(answer, int | float) and not isinstance(answer, bool) else None


def _whole(answer: Answer | None) -> int | None:
    number = _number(answer)
    return None if number is None else int(number)


def _weakest(known: Known) -> int | None:
    """The lowest grade; with some not tested, only a low one can be told."""
    if known.answers.get("motor_full") is True:
        return 5
    cells = [cell for key in ("motor_leg", "motor_arm") for cell in _parts(known.answers.get(key))]
    grades = [cell.value for cell in cells if isinstance(cell, Cell) and cell.value is not None]
    if not grades or (len(grades) < len(cells) and min(grades) > WORST):
        return None
    return min(grades)


def _slip(known: Known, today: date) -> int | None:
    """The grade; 0 where it is known that nothing has slipped."""
    asked = Scene(known.answers, known.region, today).asked("slip_grade").truth
    return 0 if asked is False else _whole(known.answers.get("slip_grade"))


def _herniation(known: Known) -> str | None:
    """The worst kind on a scan that shows discs; an X-ray shows none, so it cannot say that there is none."""
    found, images = (_parts(known.answers.get(key)) for key in ("imaging_findings", "imaging"))
    for finding, kind in (("sequestration", "sequestration"), ("extrusion", "extrusion"), ("herniation", "protrusion")):
        if finding in found:
            return kind
    looked = {"mri", "ct"} & set(images) and known.answers.get("imaging_findings") not in {None, UNKNOWN}
    return "none" if looked and UNSURE not in found and "large_central" not in found else None


def _parts(answer: Answer | None) -> tuple[Any, ...]:
    return answer if isinstance(answer, tuple) else ()
