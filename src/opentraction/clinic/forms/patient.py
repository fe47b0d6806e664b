"""The patient form: names, birth date, body and complaint as written, units included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from opentraction import patient as person
from opentraction.clinic.forms.saying import in_their_unit, plain
from opentraction.clinic.models import Patient
from opentraction.patient.patient import REGIONS, check_bmi
from opentraction.quantities import BadInput, display, parse_force, parse_quantity, quantity

FIELDS = (
    "given_name",
    "family_name",
    "birth_date",
    "sex",
    "phone",
    "email",
    "mass",
    "mass_confirmed",
    "stature",
    "disc_grade",
    "region",
    "levels",
    "complaint",
    "ceiling",
)
LABELS = {
    "given_name": "Given name",
    "family_name": "Family name",
    "birth_date": "Birth date",
    "sex": "Sex",
    "phone": "Phone",
    "email": "E-mail",
    "mass": "Body mass",
    "stature": "Height",
    "disc_grade": "Disc grade",
    "region": "Region",
    "levels": "Levels",
    "complaint": "Complaint",
    "ceiling": "Never pull more than",
}
RANGES = {"mass": "body_mass", "stature": "stature", "ceiling": "force_ceiling"}
NEW = {"region": "lumbar", "sex": "unstated"}


@dataclass
class PatientForm:
    """What was written, what it means, and what cannot be used, field by field."""

    written: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    weigh_twice: bool = False

    @classmethod
    def of(cls, patient: Patient | None) -> PatientForm:
        """The form as first shown."""
        return cls(_written(patient) if patient else dict.fromkeys(FIELDS, "") | NEW)

    @classmethod
    def read(cls, post: Mapping[str, str]) -> PatientForm:
        """Everything that was posted, read and checked."""
        form = cls({name: str(post.get(name, "")).strip() for name in FIELDS})
        for name, reader in _READERS.items():
            form._take(name, reader)
        if not form.refusals:
            form._whole_person()
        return form

    def _take(self, name: str, reader: Any) -> None:
        try:
            self.values.update(reader(self.written))
        except BadInput as refusal:
            self._refuse(name, refusal)

    def _refuse(self, name: str, refusal: BadInput) -> None:
        written = self.written[name]
        if not written and name in {"given_name", "family_name"}:
            self.refusals[name] = f"Write the {LABELS[name].lower()}."
            return
        if name in RANGES:
            refusal = in_their_unit(RANGES[name], written, refusal)
        self.refusals[name] = plain(LABELS[name], written, refusal)

    def _whole_person(self) -> None:
        """Checks that need several fields: a body that can be, a ceiling below body weight."""
        trial = Patient(number=0, **self.values)
        try:
            check_bmi(trial.mass_kg, trial.stature_m, self.written["mass_confirmed"] == "yes")
            trial.as_person(timezone.localdate())
        except BadInput as refusal:
            self.weigh_twice = "mass_confirmed" in refusal.allowed
            allowed = refusal.allowed.replace("write mass_confirmed = true", "tick “Weighed twice”")
            self._refuse(refusal.where.split(".")[-1], BadInput(refusal.where, refusal.value, allowed))


def _written(patient: Patient) -> dict[str, str]:
    ceiling = patient.ceiling_n
    return {
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        "birth_date": patient.birth_date.isoformat(),
        "sex": patient.sex,
        "phone": patient.phone,
        "email": patient.email,
        "mass": display(patient.mass_kg, "mass", "kg", 1),
        "mass_confirmed": "",
        "stature": display(patient.stature_m, "length", "m", 2),
        "disc_grade": str(patient.disc_grade or ""),
        "region": patient.region,
        "levels": patient.levels,
        "complaint": patient.complaint,
        "ceiling": "" if ceiling is None else display(ceiling, "force", "N", 0),
    }


def _name(key: str) -> Any:
    def read(written: dict[str, str]) -> dict[str, Any]:
        text = written[key]
        if not 1 <= len(text) <= 80 or not text.isprintable():
            raise BadInput(key.replace("_", " "), text, "1 to 80 letters")
        return {key: text}

    return read


def _birth_date(written: dict[str, str]) -> dict[str, Any]:
    try:
        born = date.fromisoformat(written["birth_date"])
    except ValueError:
        raise BadInput("birth date", written["birth_date"], "a date such as 1971-05-23") from None
    if born > timezone.localdate():
        raise BadInput("birth date", written["birth_date"], "a date in the past")
    age = Patient(birth_date=born).age_on(timezone.localdate())
    quantity("age").check(float(age), "birth date", written["birth_date"])
    return {"birth_date": born}


def _sex(written: dict[str, str]) -> dict[str, Any]:
    return {"sex": _one_of("sex", written["sex"], person.SEXES)}


def _phone(written: dict[str, str]) -> dict[str, Any]:
    text = written["phone"]
    digits = sum(one in "0123456789" for one in text)
    if text and not (text.isprintable() and len(text) <= 40 and digits >= 5):
        raise BadInput(
            "phone", text, "a number on one line with at least 5 digits and at most 40 characters, or nothing"
        )
    return {"phone": text}


def _email(written: dict[str, str]) -> dict[str, Any]:
    text = written["email"]
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise BadInput("email", text, "an address such as name@example.org, or nothing") from None
    if len(text) > 254:
        raise BadInput("email", text, "an address of at most 254 characters")
    return {"email": text}


def _region(written: dict[str, str]) -> dict[str, Any]:
    return {"region": _one_of("region", written["region"], REGIONS)}


def _one_of(where: str, text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise BadInput(where, text, "one of " + ", ".join(words))
    return text


def _mass(written: dict[str, str]) -> dict[str, Any]:
    return {"mass_kg": quantity("body_mass").read(written["mass"], "body mass")}


def _stature(written: dict[str, str]) -> dict[str, Any]:
    return {"stature_m": quantity("stature").check(_length(written["stature"]), "stature", written["stature"])}


def _length(text: str) -> float:
    """`1.76 m`, `176 cm`, `69 in` or `5 ft 9 in`, in metres."""
    feet, mark, inches = text.partition("ft")
    if mark and inches.strip():
        return parse_quantity(f"{feet}ft", "length", "stature") + parse_quantity(inches.strip(), "length", "stature")
    return parse_quantity(text, "length", "stature")


def _disc_grade(written: dict[str, str]) -> dict[str, Any]:
    text = written["disc_grade"]
    if text not in {"", "1", "2", "3", "4", "5"}:
        raise BadInput("disc grade", text, "a Pfirrmann grade from 1 to 5, or nothing when not graded")
    return {"disc_grade": int(text) if text else None}


def _levels(written: dict[str, str]) -> dict[str, Any]:
    levels = written["levels"].replace(",", " ").split()
    for level in levels:
        if level not in person.LEVELS:
            raise BadInput("levels", level, "levels such as L4-L5 or L5-S1")
    return {"levels": " ".join(dict.fromkeys(levels))}


def _complaint(written: dict[str, str]) -> dict[str, Any]:
    text = written["complaint"]
    if len(text) > 120 or not (text.isprintable() or not text):
        raise BadInput("complaint", text, "at most 120 characters on one line")
    return {"complaint": text}


def _ceiling(written: dict[str, str]) -> dict[str, Any]:
    text = written["ceiling"]
    if not text:
        return {"ceiling_n": None}
    force = parse_force(text, "ceiling")
    if force.needs_mass:
        raise BadInput("ceiling", text, "a force in N, lb or kgf, not in body weight")
    return {"ceiling_n": force.newtons(70.0)}  # bounds are the patient's own: body weight among them


_READERS = {
    "given_name": _name("given_name"),
    "family_name": _name("family_name"),
    "birth_date": _birth_date,
    "sex": _sex,
    "phone": _phone,
    "email": _email,
    "mass": _mass,
    "stature": _stature,
    "disc_grade": _disc_grade,
    "region": _region,
    "levels": _levels,
    "complaint": _complaint,
    "ceiling": _ceiling,
}
