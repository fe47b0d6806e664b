"""Who is treated, as immutable values: the body, the complaint, and how hard this person may be pulled at most.

Identity stays apart: here a person is a pseudonym. Names and birth dates live in the clinic's database alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from opentraction.quantities import GRAVITY, BadInput, display, quantity
from opentraction.quantities.units import POUND_KG

SEXES = ("female", "male", "unstated")
REGIONS = ("lumbar", "cervical", "unstated")
LEVELS = (
    *(f"C{n}-C{n + 1}" for n in range(2, 7)), "C7-T1", "T12-L1", *(f"L{n}-L{n + 1}" for n in range(1, 5)), "L5-S1",
)  # fmt: skip
HIGHEST_CEILING = 1050.0
BMI_LOW, BMI_HIGH = 12.0, 60.0
BMI_LOW_PLAIN, BMI_HIGH_PLAIN = 15.0, 44.0  # for a mass nobody has confirmed


@dataclass(frozen=True, slots=True)
class Body:
    """The body on the table: mass [kg], stature [m], age [y], sex, Pfirrmann disc grade 1-5 or None when not graded."""

    mass: float
    stature: float
    age: float
    sex: str = "unstated"
    disc_grade: int | None = None

    def __post_init__(self) -> None:
        quantity("body_mass").check(self.mass, "body.mass")
        quantity("stature").check(self.stature, "body.stature")
        quantity("age").check(self.age, "body.age")
        if self.sex not in SEXES:
            raise BadInput("body.sex", self.sex, "one of " + ", ".join(SEXES))
        if self.disc_grade is not None and self.disc_grade not in range(1, 6):
            raise BadInput("body.disc_grade", self.disc_grade, "a Pfirrmann grade from 1 to 5, or left out")
        check_bmi(self.mass, self.stature)

    @property
    def weight(self) -> float:
        """Body weight BW [N]."""
        return self.mass * GRAVITY

    @property
    def bmi(self) -> float:
        """Body mass index [kg/m^2]."""
        return self.mass / self.stature**2


@dataclass(frozen=True, slots=True)
class Complaint:
    """What brings the person here: region, levels such as "L5-S1", and its kind in a few words."""

    region: str = "unstated"
    levels: tuple[str, ...] = ()
    kind: str = ""

    def __post_init__(self) -> None:
        if self.region not in REGIONS:
            raise BadInput("complaint.region", self.region, "one of " + ", ".join(REGIONS))
        for level in self.levels:
            if level not in LEVELS:
                raise BadInput("complaint.levels", level, "levels such as " + ", ".join(LEVELS[-3:]))


@dataclass(frozen=True, slots=True, init=False)
class Patient:
    """One person to treat. `ceiling` [N] is never passed; the clinician gives it, else it is `default_ceiling`."""

    pseudonym: str
    body: Body
    complaint: Complaint
    ceiling: float

    def __init__(
        self, pseudonym: str, body: Body, complaint: Complaint | None = None, ceiling: float | None = None
    ) -> None:
        if not 1 <= len(pseudonym) <= 40 or not pseudonym.replace("-", "").replace("_", "").isalnum():
            raise BadInput("patient.pseudonym", pseudonym, "1 to 40 letters, digits, - or _, and never a name")
        limit = default_ceiling(body.mass) if ceiling is None else ceiling
        check_ceiling(limit, body)
        object.__setattr__(self, "pseudonym", pseudonym)
        object.__setattr__(self, "body", body)
        object.__setattr__(self, "complaint", complaint or Complaint())
        object.__setattr__(self, "ceiling", limit)

    def document(self) -> dict[str, object]:
        """What a recording may say of the person: the pseudonym, the body and its levels treated, nothing else."""
        body = self.body
        return {
            "pseudonym": self.pseudonym,
            "mass_kg": body.mass,
            "stature_m": body.stature,
            "age": body.age,
            "sex": body.sex,
            "disc_grade": body.disc_grade,
            "levels": list(self.complaint.levels),
        }


def default_ceiling(mass: float) -> float:
    """Ceiling when the clinician gives none [N]: min(0.60 BW, 0.5 BW + 20 lb, 1050 N) for `mass` [kg].

    Project rule; the 0.5 BW + 20 lb is the top of the range in Apfel 2010 (from memory, unverified).
    """
    weight = mass * GRAVITY
    return min(0.60 * weight, 0.5 * weight + 20.0 * POUND_KG * GRAVITY, HIGHEST_CEILING)


def check_bmi(mass: float, stature: float, confirmed: bool = True) -> None:
    """Refuse a body that cannot be: pounds taken for kilograms multiply the body mass index by 2.2.

    12 to 60 kg/m^2 is what adults on a table of this class can be. A written mass that nobody has confirmed must give
    15 to 44: that catches pounds for everyone whose true index is above 20, and kilograms written as pounds for
    everyone below 33. The few who lie outside are weighed twice. Raises BadInput.
    """
    bmi = mass / stature**2
    low, high = (BMI_LOW, BMI_HIGH) if confirmed else (BMI_LOW_PLAIN, BMI_HIGH_PLAIN)
    if low <= bmi <= high:
        return
    meant = "kilograms" if bmi < low else "pounds"
    other = display(mass / POUND_KG if bmi < low else mass * POUND_KG, "mass", "kg", 1)
    rule = f"a body mass index from {low:.0f} to {high:.0f}, while {stature:.2f} m makes it {bmi:.0f}"
    way_out = "" if confirmed else "; if not, weigh again and write mass_confirmed = true"
    shown = display(mass, "mass", "kg", 1)
    raise BadInput("body.mass", shown, f"{rule} (were {meant} meant, that is {other}?{way_out})")


def check_ceiling(ceiling: float, body: Body, written: str = "") -> None:
    """A ceiling is inside its bounds and at most body weight, lest newtons stand for pounds. Raises BadInput."""
    bounds = quantity("force_ceiling").bounds
    highest = min(bounds.high, body.weight)
    if bounds.low <= ceiling <= highest:
        return
    given = written or display(ceiling, "force", "N", 0)
    why = ", the patient's body weight" if highest < bounds.high else ""
    raise BadInput("limits.ceiling", given, f"patient ceiling from {_both(bounds.low)} to {_both(highest)}{why}")


def _both(force: float) -> str:
    return f"{display(force, 'force', 'N', 0)} ({display(force, 'force', 'lb', 1)})"
