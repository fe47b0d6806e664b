"""What a client may ask of the table, one request at a time; the plan's hash and every bound are checked again here.

Whatever carries a plan is read, checked and joined beside the control loop, and taken up between two of its ticks.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from opentraction.app.aside import Aside, Outcome, Slow
from opentraction.app.fence import refuse_stranger
from opentraction.prescription.change import Change
from opentraction.prescription.plan import Plan
from opentraction.quantities import BadInput, State, check_line
from opentraction.quantities.units import FACTORS
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
from opentraction.screening import Clearance
from opentraction.session.change import Prepared, prepare
from opentraction.session.checks.told import checks_whole
from opentraction.session.conductor import Conductor
from opentraction.session.session import Binding

PROTOCOL = 1
STRONGEST = 500.0  # [N] that may be simulated
LONGEST = 60.0  # [s]
CHANGE_PACE = 1.0
"""Of changes, shown or made, one begins in this time [s]."""
LONGEST_NAME = 150
"""Characters of an operator or a pseudonym."""
LONGEST_REASON = 500
"""Characters of why a session is not cleared any more."""
WISHES = {
    "arm": ASK_ARM,
    "start": ASK_START,
    "pause": ASK_PAUSE,
    "resume": ASK_RESUME,
    "stop": ASK_STOP,
    "unbind": ASK_UNBIND,
}
SILENCING = {"acknowledge", "pause-sound", "sound-again"}
MOST_NUMBERS = 100
Message = dict[str, Any]
Answer = Callable[..., None]


def serve(c: Conductor, request: Message, answer: Answer, aside: Aside) -> None:
    """Do what is asked, or raise BadInput; `answer(ok, why, **more)` is called now or a little later."""
    do = request.get("do")
    operator = _operator(request)
    _refuse_stranger(c, request)
    if do in WISHES:
        c.note("operator", f"{do} asked", {"by": operator})
        c.ask(WISHES[do], BY_CONSOLE, _noting(c, do, operator, answer))
    elif do == "reduce":
        force = _number(request, "to_n")
        c.note("operator", "reduce asked", {"by": operator, "to_n": force})
        c.ask(ASK_REDUCE, force, _noting(c, "reduce", operator, answer))
    elif do == "change":
        aside.add(lambda: _change(c, request, operator, answer), _refusal(answer), CHANGE_PACE)
    elif do == "bind":
        c.check_at_rest()
        aside.add(lambda: _bind(c, request, operator, answer), _refusal(answer))
    elif do == "bind-trial":
        c.bind_trial(str(request.get("stop")), _uid(request), operator)
        answer(True, "")
    elif do == "self-test":
        c.self_test()
        answer(True, "")
    elif do == "checks":
        answer(True, "", **checks_whole(c.checks, c.civil()))
    elif do == "hello":
        answer(True, "", protocol=PROTOCOL, table=c.table.kind, bound=_bound(c))
    else:
        _at_once(c, str(do), request, operator)
        answer(True, "")


def _noting(c: Conductor, do: str, operator: str, answer: Answer) -> Answer:
    """A wish that was refused is written down with why: what was only asked reads like what was done."""

    def told(ok: bool, why: str = "", **more: Any) -> None:
        if not ok:
            c.note("operator", f"{do} refused: {why}", {"by": operator})
        answer(ok, why, **more)

    return told


def _operator(request: Message) -> str:
    """Who asks. A stop is heard whoever asks, however they write their name."""
    if request.get("do") == "stop":
        return "".join(ch for ch in str(request.get("operator", ""))[:LONGEST_NAME] if ch.isprintable())
    return check_line(request.get("operator", ""), "operator", LONGEST_NAME)


def _refuse_stranger(c: Conductor, request: Message) -> None:
    refuse_stranger(str(request.get("do")), request, c.binding.uid if c.binding else None)


def _refusal(answer: Answer) -> Callable[[str], None]:
    return lambda why: answer(False, why)


def _change(c: Conductor, request: Message, operator: str, answer: Answer) -> Slow:
    """The change of the session as it stands now, worked out beside the loop, and taken over if it still fits."""
    running = c.running()

    def slow() -> Outcome:
        prepared = prepare(running, _signed(request))
        said = told(prepared.change)
        return lambda: take_up(prepared, said)

    def take_up(prepared: Prepared, said: Message) -> None:
        _refuse_stranger(c, request)
        if request.get("rehearse") is not True:
            c.take_over(prepared, operator)
        answer(True, "", **said)

    return slow


def _bind(c: Conductor, request: Message, operator: str, answer: Answer) -> Slow:
    """The plan read and checked beside the loop; whoever has bound another meanwhile was first."""
    table, now = dict(c.table.describe()), c.civil()

    def slow() -> Outcome:
        binding = _binding(table, request, operator, now)
        return lambda: take_up(binding)

    def take_up(binding: Binding) -> None:
        _refuse_stranger(c, request)
        c.bind(binding)
        answer(True, "")

    return slow


def _at_once(c: Conductor, do: str, request: Message, operator: str) -> None:
    if do == "checklist":
        c.check(str(request.get("item")), request.get("done") is True, operator)
    elif do == "reset":
        c.reset(operator, str(request.get("reason", "")))
    elif do in SILENCING:
        _silence(c, do, request, operator)
    elif do == "lease":
        c.lease()
    elif do in {"withdrawn", "uncleared", "seen"}:
        _permission(c, do, request, operator)
    elif do == "comfort":
        score = _number(request, "score")
        if not (score == int(score) and 0 <= score <= 10):
            raise BadInput("score", request.get("score"), "a whole number from 0 to 10")
        c.note("comfort", f"comfort {score:.0f} of 10", {"score": int(score), "by": operator})
    elif do == "simulate":
        _simulate(c, request)
    else:
        raise BadInput("do", do, "hello, bind, checklist, arm, start, pause, resume, reduce, stop, ...")


def _silence(c: Conductor, do: str, request: Message, operator: str) -> None:
    """Say that alarms were seen, or pause their sound; what they warn of goes on as it was."""
    if do == "pause-sound":
        c.pause_sound(operator)
    elif do == "sound-again":
        c.sound_again(operator)
    else:
        c.acknowledge(operator, _numbers(request.get("numbers")))


def _numbers(value: Any) -> frozenset[int] | None:
    """Which raises somebody has seen; None for all that stand."""
    if value is None:
        return None
    if isinstance(value, list) and len(value) <= MOST_NUMBERS and all(type(one) is int for one in value):
        return frozenset(value)
    raise BadInput("numbers", value, f"null or at most {MOST_NUMBERS} numbers of alarms, as in telemetry")


def _permission(c: Conductor, do: str, request: Message, operator: str) -> None:
    """What permitted the session has ended, or somebody has read that it has."""
    if do == "withdrawn":
        c.withdraw(operator)
    elif do == "uncleared":
        c.hold_back(operator, _reason(request))
    else:
        c.seen(operator)


def _reason(request: Message) -> str:
    """Why nothing may be pulled any more, for the recording and for whoever asks."""
    why = check_line(request.get("why"), "why", LONGEST_REASON)
    if not why:
        raise BadInput("why", why, "a sentence")
    return why


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


def _binding(table: Message, request: Message, operator: str, now: datetime) -> Binding:
    """The binding a console asks for; clearance, the plan's hash and every bound are checked again here."""
    plan = _signed(request)
    clearance = _cleared(request, plan, now)
    patient = request.get("patient")
    if not isinstance(patient, dict) or not isinstance(patient.get("pseudonym"), str):
        raise BadInput("patient", patient, "an object with at least 'pseudonym' and 'mass_kg'")
    for key in ("pseudonym", "sex"):
        check_line(patient.get(key) or "", f"patient.{key}", LONGEST_NAME)
    mass = _number(patient, "mass_kg")
    if abs(mass - plan.mass) > 0.5:
        raise BadInput("patient.mass_kg", mass, f"the body mass the plan was made for, {plan.mass:.1f} kg")
    uid = _uid(request)
    keys = ("pseudonym", "mass_kg", "stature_m", "age", "sex", "disc_grade", "levels")
    kept = {key: patient[key] for key in keys if key in patient}
    return Binding(uid, plan, kept, table, operator, written_in=_written_in(request), clearance=clearance.document())


def _uid(request: Message) -> str:
    uid = str(request.get("session", ""))
    if not (8 <= len(uid) <= 64 and all(ch.isalnum() or ch == "-" for ch in uid)):
        raise BadInput("session", uid, "a UUID")
    return uid


def _cleared(request: Message, plan: Plan, now: datetime) -> Clearance:
    """Nobody is pulled who was not screened, checked today and asked: whoever asks, and whatever a page showed."""
    if request.get("clearance") is None:
        raise BadInput("clearance", State("missing"), "a fresh verdict of OK or CAUTION, today's check, signed consent")
    clearance = Clearance.from_document(request["clearance"])
    clearance.check(now, plan.region, plan.sha256)
    return clearance


def _written_in(request: Message) -> str | None:
    """The force unit the prescription was written in; a console may leave it out."""
    unit = request.get("written_in")
    if unit is not None and unit not in FACTORS["force"]:
        raise BadInput("written_in", unit, "null or one of " + ", ".join(FACTORS["force"]))
    return unit
