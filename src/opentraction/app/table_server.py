"""The table's side of the socket: clients ask, the conductor answers, everyone hears telemetry and documents.

Everything happens between two control ticks, on the control thread and without waiting, so there is nothing to lock. A
client that does not read its messages loses telemetry first and its connection next; it never slows the table.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path
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
BIGGEST = 1 << 20
PER_ROUND = 8
"""Messages taken between two ticks."""
MOST_CLIENTS = 16
STRONGEST = 500.0  # [N] that may be simulated
LONGEST = 60.0  # [s]
PACE = 40.0
BURST = 80.0
"""Requests a second, and at once, that one client may make."""
LONGEST_PATH = 107
"""What the kernel takes for a Unix socket."""
WISHES = {
    "arm": ASK_ARM,
    "start": ASK_START,
    "pause": ASK_PAUSE,
    "resume": ASK_RESUME,
    "stop": ASK_STOP,
    "unbind": ASK_UNBIND,
}
Message = dict[str, Any]


class Client:
    """One connected console."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.gone = False
        self.watching = False
        self.budget = BURST
        self.asked = 0.0

    def send(self, message: Message, *, must: bool) -> None:
        """Send without waiting; telemetry may be lost, answers and documents may not."""
        if self.gone:
            return
        try:
            self.connection.send(json.dumps(message, allow_nan=False).encode(), socket.MSG_DONTWAIT)
        except BlockingIOError:
            self.gone = self.gone or must
        except (OSError, ValueError):
            # A message that is no strict JSON is our mistake; it must not end the pull.
            self.gone = True

    def may_ask(self, now: float) -> bool:
        """Whether this client keeps to a pace no console exceeds; one that floods is hung up on."""
        self.budget = min(BURST, self.budget + (now - self.asked) * PACE)
        self.asked = now
        self.budget -= 1.0
        return self.budget >= 0.0


class TableServer:
    """Listens on a Unix socket for one conductor."""

    def __init__(self, path: Path, conductor: Conductor, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self.clock = clock
        self.conductor = conductor
        self.clients: list[Client] = []
        self._listener = _listen(path)

    def poll(self) -> None:
        """Take what has arrived since the last tick."""
        self._accept()
        for client in self.clients:
            self._hear(client)
        before = len(self.clients)
        for client in [c for c in self.clients if c.gone]:
            client.connection.close()
            self.clients.remove(client)
        if len(self.clients) != before or before:
            self.conductor.connected(any(client.watching for client in self.clients))

    def tell(self, message: Message, *, must: bool = False) -> None:
        """Send to everyone."""
        for client in self.clients:
            client.send(message, must=must)

    def close(self) -> None:
        """Stop listening."""
        for client in self.clients:
            client.connection.close()
        self._listener.close()
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            connection, _ = self._listener.accept()
            if len(self.clients) >= MOST_CLIENTS:
                self._make_room()
            connection.setblocking(False)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BIGGEST)
            self.clients.append(Client(connection))

    def _make_room(self) -> None:
        """Hang up on the oldest client that never said hello, else on the oldest: a stop must always find a line."""
        idle = [client for client in self.clients if not client.watching] or self.clients
        idle[0].connection.close()
        self.clients.remove(idle[0])

    def _hear(self, client: Client) -> None:
        for _ in range(PER_ROUND):
            try:
                data = client.connection.recv(BIGGEST, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except OSError:
                client.gone = True
                return
            if not data:
                client.gone = True
                return
            if not client.may_ask(self.clock()):
                client.gone = True
                return
            self._serve(client, data)

    def _serve(self, client: Client, data: bytes) -> None:
        """Answer one request; nonsense gets a sentence, never an exception."""
        number: Any = None
        try:
            request = json.loads(data, parse_constant=_no_number)
            if not isinstance(request, dict):
                raise BadInput("request", type(request).__name__, "a JSON object with 'id' and 'do'")
            number = _identifier(request.get("id"))
            self._do(client, request, _answer(client, number))
        except BadInput as refusal:
            client.send({"re": number, "ok": False, "why": str(refusal)}, must=True)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            why = f"request cannot be read ({type(error).__name__}); allowed: JSON as in docs/contributor/seams.md."
            client.send({"re": number, "ok": False, "why": why}, must=True)

    def _do(self, client: Client, request: Message, answer: Callable[..., None]) -> None:
        do = request.get("do")
        operator = str(request.get("operator", ""))[:80]
        binding = self.conductor.binding
        refuse_stranger(str(do), request, binding.uid if binding else None)
        if do in WISHES:
            self.conductor.note("operator", f"{do} asked", {"by": operator})
            self.conductor.ask(WISHES[do], BY_CONSOLE, answer)
        elif do == "reduce":
            force = _number(request, "to_n")
            self.conductor.note("operator", "reduce asked", {"by": operator, "to_n": force})
            self.conductor.ask(ASK_REDUCE, force, answer)
        elif do == "change":
            change = self.conductor.change(_signed(request), operator, rehearse=request.get("rehearse") is True)
            answer(True, "", **told(change))
        elif do == "hello":
            client.watching = True
            answer(True, "", protocol=PROTOCOL, table=self.conductor.table.kind, bound=_bound(self.conductor))
        else:
            self._do_at_once(str(do), request, operator)
            answer(True, "")

    def _do_at_once(self, do: str, request: Message, operator: str) -> None:
        c = self.conductor
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
            self._simulate(request)
        else:
            raise BadInput("do", do, "hello, bind, checklist, arm, start, pause, resume, reduce, stop, ...")

    def _simulate(self, request: Message) -> None:
        simulation = self.conductor.table.simulation
        if simulation is None:
            raise BadInput("simulate", request.get("what"), "a simulated table; this one is real")
        what = str(request.get("what"))
        strength = _between(request, "force_n", STRONGEST) if "force_n" in request else None
        duration = _between(request, "duration_s", LONGEST) if "duration_s" in request else None
        simulation.happen(what, strength, duration)
        self.conductor.note("disturbance", f"simulated: {what.replace('-', ' ')}", {"what": what})


def _answer(client: Client, number: Any) -> Callable[..., None]:
    def answer(ok: bool, why: str = "", **more: Any) -> None:
        reply = {"re": number, "ok": ok, **more}
        if not ok:
            reply["why"] = why
        client.send(reply, must=True)

    return answer


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


def _identifier(value: Any) -> int | str | None:
    """The number an answer carries back."""
    if value is None or isinstance(value, int | str):
        return value if not isinstance(value, str) else value[:80]
    raise BadInput("id", value, "a whole number or a text")


def _no_number(word: str) -> float:
    raise BadInput("request", word, "finite numbers")


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


def _listen(path: Path) -> socket.socket:
    """A listening socket only its owner may connect to. Raises BadInput where there can be none.

    It gets its name when it listens already: who finds the name finds an open ear.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    unnamed = path.with_name(f"~{os.getpid():x}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path)
        unnamed.unlink(missing_ok=True)
        listener.bind(str(unnamed))
        unnamed.chmod(stat.S_IRUSR | stat.S_IWUSR)
        listener.listen(8)
        unnamed.rename(path)
    except OSError as error:
        listener.close()
        allowed = f"a path of at most {LONGEST_PATH} characters that can be written ({error.strerror or error})"
        raise BadInput("--socket", str(path), allowed) from None
    except BadInput:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _clear(path: Path) -> None:
    """Remove a socket nobody listens on any more; refuse to take over a living one."""
    if not path.exists():
        return
    if not path.is_socket():
        raise BadInput("--socket", str(path), "a path where nothing but an old socket stands")
    probe = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        probe.connect(str(path))
    except ConnectionRefusedError:
        path.unlink()
    except OSError:
        raise BadInput("--socket", str(path), "a path where no other program's socket stands") from None
    else:
        raise BadInput("--socket", str(path), "a socket no other table process listens on")
    finally:
        probe.close()
