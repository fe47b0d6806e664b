"""What a client may ask of the table, one request at a time; the plan's hash and every bound are checked again here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from opentraction.app.fence import refuse_stranger
from opentraction.prescription.change import Change
from opentraction.prescription.plan import Plan
from opentraction.quantities import BadInput
from opentraction.quantities.vocabulary import (
    ASK_ARM,
    ASK_PAUSE,
    ASK_REDUCE,
    ASK_RESUME,
    ASK_START,
    ASK_STOP,
    ASK_UNBIND,
    BY_CONSOLE,
)
from opentraction.session.conductor import Conductor
from opentraction.session.session import Binding

PROTOCOL = 1
STRONGEST = 500.0  # [N] that may be simulated
LONGEST = 60.0  # [s]
WISHES = {
    "arm": ASK_ARM,
    "start": ASK_START,
    "pause": ASK_PAUSE,
    "resume": ASK_RESUME,
    "stop": ASK_STOP,
    "unbind": ASK_UNBIND,
}
Message = dict[str, Any]


def serve(c: Conductor, request: Message, answer: Callable[..., None]) -> None:
    """Do what is asked, or raise BadInput; `answer(ok, why, **more)` is called now or within a tick or two."""
    do = request.get("do")
    operator = str(request.get("operator", ""))[:80]
    binding = c.binding
    refuse_stranger(str(do), request, binding.uid if binding else None)
    if do in WISHES:
        c.note("operator", f"{do} asked", {"by": operator})
        c.ask(WISHES[do], BY_CONSOLE, answer)
    elif do == "reduce":
        force = _number(request, "to_n")
        c.note("operator", "reduce asked", {"by": operator, "to_n": force})
        c.ask(ASK_REDUCE, force, answer)
    elif do == "change":
        change = c.change(_signed(request), operator, rehearse=request.get("rehearse") is True)
        answer(True, "", **told(change))
    elif do == "hello":
        answer(True, "", protocol=PROTOCOL, table=c.table.kind, bound=_bound(c))
    else:
        _at_once(c, str(do), request, operator)
        answer(True, "")


def _at_once(c: Conductor, do: str, request: Message, operator: str) -> None:
    if do == "bind":
        c.check_at_rest()
        c.bind(_binding(c, request, operator))
    elif do == "checklist":
        c.check(str(request.get("item")), request.get("done") is True, operator)
    elif do == "reset":
        c.reset(operator, str(request.get("reason", "")))
    elif do == "acknowledge":
        c.acknowledge(operator)
    elif do == "lease":
        c.lease()
    elif do == "comfort":
        score = _number(request, "score")
        if not (score == int(score) and 0 <= score <= 10):
            raise BadInput("score", request.get("score"), "a whole number from 0 to 10")
        c.note("comfort", f"comfort {score:.0f} of 10", {"score": int(score), "by": operator})
    elif do == "simulate":
        _simulate(c, request)
    else:
        raise BadInput("do", do, "hello, bind, checklist, arm, start, pause, resume, reduce, stop, ...")


def _simulate(c: Conductor, request: Message) -> None:
    simulation = c.table.simulation
    if simulation is None:
        raise BadInput("simulate", request.get("what"), "a simulated table; this one is real")
    what = str(request.get("what"))
    strength = _between(request, "force_n", STRONGEST) if "force_n" in request else None
    duration = _between(request, "duration_s", LONGEST) if "duration_s" in request else None
    simulation.happen(what, strength, duration)
    c.note("disturbance", f"simulated: {what.replace('-', ' ')}", {"what": what})


def _number(request: Message, key: str) -> float:
    value = request.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1.0e6:
        raise BadInput(key, value, "a number")
    return float(value)


def _between(request: Message, key: str, most: float) -> float:
    value = _number(request, key)
    if not 0.0 < value <= most:
        raise BadInput(key, value, f"above 0 and at most {most:g}")
    return value


def _bound(c: Conductor) -> Message | None:
    if c.binding is None:
        return None
    return {"session": c.binding.uid, "plan_sha256": c.binding.plan.sha256}


def _signed(request: Message) -> Plan:
    """The plan a console sends, its hash and every bound checked again here."""
    plan = Plan.from_canonical(request["plan"])
    if plan.sha256 != request.get("plan_sha256"):
        raise BadInput("plan_sha256", request.get("plan_sha256"), "the hash of the signed plan; it does not match")
    return plan


def told(change: Change) -> Message:
    """What a change comes to, for whoever asked: from which second, and the whole plan from now on."""
    plan = change.plan
    return {
        "at_s": change.at,
        "words": change.words,
        "plan": plan.canonical(),
        "plan_sha256": plan.sha256,
        "total_s": plan.total_time,
        "cycles": plan.cycles,
    }


def _binding(c: Conductor, request: Message, operator: str) -> Binding:
    """The binding a console asks for, the plan's hash and every bound checked again here."""
    plan = _signed(request)
    patient = request.get("patient")
    if not isinstance(patient, dict) or not isinstance(patient.get("pseudonym"), str):
        raise BadInput("patient", patient, "an object with at least 'pseudonym' and 'mass_kg'")
    mass = _number(patient, "mass_kg")
    if abs(mass - plan.mass) > 0.5:
        raise BadInput("patient.mass_kg", mass, f"the body mass the plan was made for, {plan.mass:.1f} kg")
    uid = str(request.get("session", ""))
    if not (8 <= len(uid) <= 64 and all(ch.isalnum() or ch == "-" for ch in uid)):
        raise BadInput("session", uid, "a UUID")
    keys = ("pseudonym", "mass_kg", "stature_m", "age", "sex", "disc_grade", "levels")
    kept = {key: patient[key] for key in keys if key in patient}
    return Binding(uid, plan, kept, dict(c.table.describe()), operator)
