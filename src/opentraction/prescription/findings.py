"""What every bound says of a plan for a patient: met, unusual or broken, each in one sentence."""

from __future__ import annotations

from typing import NamedTuple

from opentraction.patient import Patient
from opentraction.prescription.check import headroom
from opentraction.prescription.plan import Plan
from opentraction.prescription.segments import steepest
from opentraction.prescription.waveform import AMPLITUDE, CYCLE, DURATION, FREQUENCY, PHASE
from opentraction.prescription.words import spoken, spoken_dose, spoken_rate
from opentraction.quantities import GRAVITY, Quantity, Verdict, display, quantity
from opentraction.quantities.vocabulary import FALL, HOLD, PRETENSION, REST

FRICTION_SHARE = 0.26  # of body weight, lower body on a plain couch (Judovich 1955, JAMA 159:549; from memory, 85 %)
STRONG_SHARE = 0.50  # of body weight; a project threshold for a second look


class Finding(NamedTuple):
    """One quantity, its value as text, the verdict ("ok", "unusual" or "refused"), and a sentence."""

    quantity: str
    value: str
    verdict: str
    sentence: str


def findings(plan: Plan, patient: Patient, unit: str = "lb") -> list[Finding]:
    """Every bound a plan meets or breaks for this patient, in the order a clinician reads them; forces in `unit`."""
    found = [_bound(name, value, unit) for name, value in _values(plan).items()]
    found.insert(1, _room(plan, patient, unit))
    found.append(_mass(plan, patient))
    found += _share(plan) + _friction(plan, unit) + _region(plan, patient)
    return found


def _values(plan: Plan) -> dict[str, float]:
    """Each bounded quantity and its most extreme value in the plan."""
    rising = [row for row in plan.rows if row[PHASE] not in {FALL, PRETENSION}]
    values = {
        "cervical_force" if plan.region == "cervical" else "force": plan.peak,
        "force_ceiling": plan.ceiling,
        "pretension": plan.pretension,
        "force_rate": max(steepest(row) for row in rising),
        "release_rate": plan.release_rate,
        "session_time": plan.total_time,
        "hold_time": max(longest(plan, HOLD)),
        "rest_time": max(longest(plan, REST)),
        "angle": plan.angle,
        "body_mass": plan.mass,
        "impulse": plan.impulse,
    }
    swinging = [row for row in plan.rows if row[AMPLITUDE] > 0.0]
    if swinging:
        values["oscillation_amplitude"] = max(row[AMPLITUDE] for row in swinging)
        values["oscillation_frequency"] = max(row[FREQUENCY] for row in swinging)
    return values


def longest(plan: Plan, phase: int) -> list[float]:
    """Length [s] of the phase in each cycle that has it; [0] when none has."""
    lengths: dict[float, float] = {}
    for row in plan.rows:
        if row[PHASE] == phase:
            lengths[row[CYCLE]] = lengths.get(row[CYCLE], 0.0) + row[DURATION]
    return list(lengths.values()) or [0.0]


def _bound(name: str, value: float, unit: str) -> Finding:
    what = quantity(name)
    bounds = what.bounds
    verdict = bounds.judge(value)
    shown = _show(what, value, unit)
    usual = f"{_show(what, bounds.recommended_low, unit)} to {_show(what, bounds.recommended_high, unit)}"
    allowed = f"{what.name} from {_show(what, bounds.low, unit)} to {_show(what, bounds.high, unit)}"
    says = {
        Verdict.OK: f"{_capital(what.name)} {shown} is in the usual range, {usual}.",
        Verdict.UNUSUAL: f"{_capital(what.name)} {shown} is unusual; usual is {usual}.",
        Verdict.REFUSED: f"{_capital(what.name)} {shown} is not allowed; allowed is {allowed}.",
    }
    return Finding(what.name, shown, verdict.value, says[verdict])


def _show(what: Quantity, value: float, unit: str) -> str:
    """Forces and their rates in the clinician's unit first, all else as the dictionary shows it."""
    if what.kind == "force":
        return spoken(value, unit)
    if what.kind == "impulse":
        return spoken_dose(value)
    return spoken_rate(value, unit) if what.kind == "force rate" else what.show(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _room(plan: Plan, patient: Patient, unit: str) -> Finding:
    """The headroom rule against today's patient, who may have a lower ceiling than the plan was made for."""
    limit = min(plan.ceiling, patient.ceiling)
    room = limit - plan.peak
    need = headroom(plan.peak)
    if room < need:
        wanted = f"at least {spoken(need, unit)} below it is needed"
        left = f"leaves {spoken(room, unit)} below" if room >= 0.0 else f"is {spoken(-room, unit)} above"
        text = f"The highest force {left} the ceiling of {spoken(limit, unit)}; {wanted}."
        return Finding("room below the ceiling", spoken(room, unit), "refused", text)
    text = f"The highest force stays {spoken(room, unit)} below the ceiling of {spoken(limit, unit)}."
    return Finding("room below the ceiling", spoken(room, unit), "ok", text)


def _mass(plan: Plan, patient: Patient) -> Finding:
    now = display(patient.body.mass, "mass", "kg", 1)
    if abs(patient.body.mass - plan.mass) <= 0.05 * plan.mass:
        return Finding("plan and patient", now, "ok", f"The plan was made for this body weight, {now}.")
    text = (
        f"The plan was made for {display(plan.mass, 'mass', 'kg', 1)}, but the patient weighs {now}. Resolve it again."
    )
    return Finding("plan and patient", now, "refused", text)


def _share(plan: Plan) -> list[Finding]:
    share = plan.peak / (plan.mass * GRAVITY)
    shown = f"{100.0 * share:.0f} %BW"
    if share <= STRONG_SHARE + 1e-9:
        return [Finding("share of body weight", shown, "ok", f"The highest force is {shown}.")]
    text = f"The highest force is {shown}. Trials found no gain from more force (Vanti 2023); consider less."
    return [Finding("share of body weight", shown, "unusual", text)]


def _friction(plan: Plan, unit: str) -> list[Finding]:
    """What couch friction leaves for the spine; said of the lumbar region only, where the lower body must slide."""
    if plan.region != "lumbar" or plan.couch != "locked":
        return []
    taken = FRICTION_SHARE * plan.mass * GRAVITY
    left = plan.peak - taken
    lost = f"about {spoken(taken, unit)}, 26 % of body weight, only overcomes friction (Judovich 1955, from memory)"
    rest = (
        f"about {spoken(left, unit)} of the highest force is left"
        if left > 0.0
        else "this pull hardly reaches the spine"
    )
    return [Finding("couch friction", spoken(taken, unit), "unusual", f"On a locked couch {lost}; {rest}.")]


def _region(plan: Plan, patient: Patient) -> list[Finding]:
    complaint = patient.complaint.region
    if complaint in {"unstated", plan.region}:
        return []
    text = f"This plan pulls the {plan.region} spine, but the complaint is {complaint}. Check the site."
    return [Finding("region", plan.region, "unusual", text)]
