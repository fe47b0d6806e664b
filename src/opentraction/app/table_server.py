"""The table's side of the socket: clients ask, the conductor answers, everyone hears telemetry and documents.

Everything happens between two control ticks, on the control thread and without waiting, so there is nothing to lock;
only plans are read on a thread aside. A client that does not read its messages loses telemetry first and its connection
next; it never slows the table.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opentraction.app.aside import UNEXPECTED, Aside, Begin, in_thread
from opentraction.app.table_requests import Message, serve
from opentraction.app.table_socket import listen
from opentraction.quantities import BadInput
from opentraction.session.conductor import Conductor

BIGGEST = 1 << 20
LONGEST_REQUEST = 400_000
"""Bytes; the longest plan and what is around it."""
PER_ROUND = 8
"""Messages taken between two ticks."""
MOST_CLIENTS = 16
PACE = 40.0
BURST = 80.0
"""Requests a second, and at once, that one client may make."""
log = logging.getLogger(__name__)


class Client:
    """One connected console."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.gone = False
        self.watching = False
        self.budget = BURST
        self.asked = 0.0

    def send(self, message: Message, *, must: bool) -> None:
        """Send one message, as `pass_on`."""
        if self.gone:
            return
        text = _packed(message)
        if text is None:
            self.gone = True
        else:
            self.pass_on(text, must=must)

    def pass_on(self, packet: bytes, *, must: bool) -> None:
        """Send without waiting; telemetry may be lost, answers and documents may not."""
        if self.gone:
            return
        try:
            self.connection.send(packet, socket.MSG_DONTWAIT)
        except BlockingIOError:
            self.gone = self.gone or must
        except OSError:
            self.gone = True

    def may_ask(self, now: float) -> bool:
        """Whether this client keeps to a pace no console exceeds; one that floods is hung up on."""
        self.budget = min(BURST, self.budget + (now - self.asked) * PACE)
        self.asked = now
        self.budget -= 1.0
        return self.budget >= 0.0


class TableServer:
    """Listens on a Unix socket for one conductor."""

    def __init__(
        self,
        path: Path,
        conductor: Conductor,
        clock: Callable[[], float] = time.monotonic,
        begin: Begin = in_thread,
    ) -> None:
        self.path = path
        self.clock = clock
        self.aside = Aside(clock, begin)
        self.conductor = conductor
        self.clients: list[Client] = []
        self._listener = listen(path)

    def poll(self) -> None:
        """Take what has arrived since the last tick."""
        self._accept()
        for client in self.clients:
            self._hear(client)
        self.aside.poll()
        before = len(self.clients)
        for client in [c for c in self.clients if c.gone]:
            client.connection.close()
            self.clients.remove(client)
        if len(self.clients) != before or before:
            self.conductor.connected(any(client.watching for client in self.clients))

    def tell(self, message: Message, *, must: bool = False) -> None:
        """Send to everyone."""
        packet = _packed(message) if self.clients else None
        if packet is None:
            return
        for client in self.clients:
            client.pass_on(packet, must=must)

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
            if len(data) > LONGEST_REQUEST:
                raise BadInput("request", f"{len(data)} bytes", f"at most {LONGEST_REQUEST} bytes")
            request = json.loads(data, parse_constant=_no_number)
            if not isinstance(request, dict):
                raise BadInput("request", type(request).__name__, "a JSON object with 'id' and 'do'")
            number = _identifier(request.get("id"))
            client.watching = client.watching or request.get("do") == "hello"
            serve(self.conductor, request, _answer(client, number), self.aside)
        except BadInput as refusal:
            client.send({"re": number, "ok": False, "why": str(refusal)}, must=True)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            why = f"request cannot be read ({type(error).__name__}); allowed: JSON as in docs/contributor/seams.md."
            client.send({"re": number, "ok": False, "why": why}, must=True)
        except Exception:
            # Whatever it was, it was one request's; the pull goes on.
            log.exception("a request failed")
            client.send({"re": number, "ok": False, "why": UNEXPECTED}, must=True)


def _packed(message: Message) -> bytes | None:
    """A message as it is sent; nothing where it is no strict JSON, which is our mistake and must not end the pull."""
    try:
        return json.dumps(message, allow_nan=False).encode()
    except (ValueError, TypeError):
        log.exception("a message could not be sent")
        return None


def _answer(client: Client, number: Any) -> Callable[..., None]:
    def answer(ok: bool, why: str = "", **more: Any) -> None:
        reply = {"re": number, "ok": ok, **more}
        if not ok:
            reply["why"] = why
        client.send(reply, must=True)

    return answer


def _identifier(value: Any) -> int | str | None:
    """The number an answer carries back."""
    if value is None or isinstance(value, int | str):
        return value if not isinstance(value, str) else value[:80]
    raise BadInput("id", value, "a whole number or a text")


def _no_number(word: str) -> float:
    raise BadInput("request", word, "finite numbers")
