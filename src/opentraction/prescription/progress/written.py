"""From advice to a written prescription: the force and length put into the document, every bound checked again."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from opentraction.patient import Patient
from opentraction.prescription.file import parse_prescription
from opentraction.prescription.plan import Plan
from opentraction.prescription.progress.advice import Advice
from opentraction.prescription.progress.saying import written_force
from opentraction.prescription.recipe import Prescription
from opentraction.prescription.words import spoken
from opentraction.quantities import BadInput, State

_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class SessionPrescription:
    """The document of one session, ready to be rehearsed and signed; what was changed, in words; and its plan."""

    document: str
    changed: tuple[str, ...]
    plan: Plan


def plan_for_session(advice: Advice, document: str, patient: Patient) -> SessionPrescription:
    """A prescription with the advised force and length in it.

    Only forces.high, session.length and session.cycles change; [course] is left out, since the advice says the force of
    this session alone; a low force that falls below the pretension is left out, so that the pretension stands for it.
    Raises BadInput where no session may begin, or where a bound of the prescription refuses the new force.
    """
    if not advice.may_begin or advice.force is None or advice.length is None:
        raise BadInput("advice", State(str(advice.action)), "advice under which a session may begin")
    old = parse_prescription(document)
    data = tomllib.loads(document.replace("\r\n", "\n"))
    changed = [*_force(data, old, advice.force), *_length(data, old, advice.length)]
    if data.pop("course", None) is not None:
        changed.append("course: left out, this is one session")
    changed += _low(data, patient)
    changed += _cycles(data, old, patient)
    changed += _swing(data, old, patient, advice.force)
    plan = _resolved(data, patient)
    _refuse_higher(plan, advice.force)
    if plan.total_time > advice.length + _TINY:
        raise BadInput("hold.time", f"{plan.total_time:.0f} s in all", f"a session of at most {advice.length:.0f} s")
    return SessionPrescription(write_toml(data), tuple(changed), plan)


def _resolved(data: Mapping[str, Any], patient: Patient) -> Plan:
    return parse_prescription(write_toml(data)).resolve(patient)


def _force(data: dict[str, Any], old: Prescription, force: float) -> list[str]:
    new = written_force(force, old.unit)
    data["forces"]["high"] = new
    return [f"forces.high: {old.high.text} to {new}"]


def _length(data: dict[str, Any], old: Prescription, length: float) -> list[str]:
    """The written length, unless it is shorter already."""
    if old.length is not None and old.length <= length:
        return []
    new = f"{math.floor(length):d} s" if length % 60.0 else f"{length / 60.0:.0f} min"
    before = data["session"].get("length", "as long as its cycles")
    data["session"]["length"] = new
    return [f"session.length: {before} to {new}"]


def _low(data: dict[str, Any], patient: Patient) -> list[str]:
    """A low force that the new high force brings under the pretension is left out."""
    recipe = parse_prescription(write_toml(data))
    if recipe.low is None:
        return []
    high = recipe.high.newtons(patient.body.mass, 0.0)
    if recipe.low.newtons(patient.body.mass, high) >= recipe.pretension.force:
        return []
    del data["forces"]["low"]
    return [f"forces.low: {recipe.low.text} left out, below the pretension of {spoken(recipe.pretension.force, 'N')}"]


def _cycles(data: dict[str, Any], old: Prescription, patient: Patient) -> list[str]:
    """Fewer cycles where those written do not fit any more."""
    if old.cycles is None or old.mode == "static":
        return []
    trial = deepcopy(data)
    del trial["session"]["cycles"]
    fit = _resolved(trial, patient).cycles
    if fit >= old.cycles:
        return []
    data["session"]["cycles"] = fit
    return [f"session.cycles: {old.cycles} to {fit}"]


def _swing(data: dict[str, Any], old: Prescription, patient: Patient, force: float) -> list[str]:
    """With an oscillation on the hold the plateau comes down, so that the highest force is the advised one."""
    if old.oscillation is None:
        return []
    plan = _resolved(data, patient)
    if plan.peak <= force + _TINY:
        return []
    high = parse_prescription(write_toml(data)).high.newtons(patient.body.mass, 0.0)
    new = written_force(high * force / plan.peak - 0.1, old.unit)
    data["forces"]["high"] = new
    return [f"forces.high: {new}, so that its oscillation stays under the advised force"]


def _refuse_higher(plan: Plan, force: float) -> None:
    if plan.peak > force + _TINY:
        rule = f"no force written elsewhere (a cycle, a second hold, a change) above the advised {spoken(force, 'N')}"
        raise BadInput("forces", spoken(plan.peak, "N"), rule)


def write_toml(data: Mapping[str, Any]) -> str:
    """A prescription's tables as TOML: keys, tables one deep, lists of tables. Comments are not kept."""
    plain = [f"{key} = {_value(value)}" for key, value in data.items() if not isinstance(value, dict | list)]
    parts = ["\n".join(plain)] if plain else []
    parts += [_table(f"[{key}]", value) for key, value in data.items() if isinstance(value, dict)]
    parts += [_table(f"[[{key}]]", one) for key, value in data.items() if isinstance(value, list) for one in value]
    return "\n\n".join(parts) + "\n"


def _table(head: str, table: Mapping[str, Any]) -> str:
    return "\n".join([head, *(f"{key} = {_value(value)}" for key, value in table.items())])


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
