"""The web's one line to the table process: a Unix socket that carries whole JSON messages.

One connection serves every browser. When the table goes away the link keeps trying; when the web goes away the table
carries on. Telemetry is passed on freshest first (a slow browser skips, it never lags); documents are never skipped.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings

Message = dict[str, Any]
Hook = Callable[[Message], Awaitable[None]]
Model = Callable[[str], Awaitable[Message]]
"""What is modelled of the session on the table, for whoever watches."""

RETRY_S = 0.5
MODEL_S = 2.0
ANSWER_S = 2.0
BIGGEST = 1 << 20
FRESHEST = ("telemetry", "spine")
"""Of these a browser that is behind gets the last alone."""
HISTORY = 1400  # two minutes of telemetry at 10 Hz, and a little
log = logging.getLogger(__name__)


class TableAway(Exception):
    """Nothing answers on the table's socket."""

    def __init__(self) -> None:
        super().__init__("The table process does not answer. Start it with: make run")


class Viewer:
    """What one browser still has to be told."""

    def __init__(self) -> None:
        self.freshest: dict[str, Message] = {}
        self.others: deque[tuple[str, Message]] = deque()
        self.changed = asyncio.Event()
        self.over = False
        """The server is closing."""
        self.shut = False
        """Whoever looks may not any more."""

    def put(self, kind: str, body: Message) -> None:
        if kind in FRESHEST:
            self.freshest[kind] = body
        else:
            self.others.append((kind, body))
        self.changed.set()

    def take(self) -> list[tuple[str, Message]]:
        """Everything waiting, documents first."""
        self.changed.clear()
        waiting = list(self.others)
        self.others.clear()
        waiting.extend(self.freshest.items())
        self.freshest = {}
        return waiting


class TableLink:
    """The shared connection. `start` it inside the server's event loop."""

    def __init__(
        self,
        path: Path,
        on_connect: Hook | None = None,
        on_stop: Hook | None = None,
        on_change: Hook | None = None,
        model: Model | None = None,
    ) -> None:
        self.path = path
        self.up = False
        self.hello: Message = {}
        self.telemetry: Message | None = None
        self.history: deque[Message] = deque(maxlen=HISTORY)
        self.documents: list[Message] = []
        self._on_connect = on_connect
        self._on_stop = on_stop
        self._on_change = on_change
        self._model = model
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._viewers: set[Viewer] = set()
        self._socket: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None
        self._hooks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin connecting; harmless when already begun."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
            if self._model is not None:
                self._spawn(self._tell_the_model(self._model))

    def end_streams(self) -> None:
        """The server is closing: let every browser's stream end by itself."""
        for viewer in self._viewers:
            viewer.over = True
            viewer.changed.set()

    async def close(self) -> None:
        """Let go of the table."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def request(self, do: str, **arguments: Any) -> Message:
        """Ask the table and wait for its answer. Raises TableAway."""
        if self._socket is None:
            raise TableAway
        number = next(self._numbers)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        text = json.dumps({"id": number, "do": do, **arguments}, allow_nan=False)
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, text.encode())
            return await asyncio.wait_for(answer, ANSWER_S)
        except (OSError, TimeoutError):
            raise TableAway from None
        finally:
            self._waiting.pop(number, None)

    @contextlib.contextmanager
    def viewer(self) -> Iterator[Viewer]:
        """A browser's view, with what is already known waiting in it."""
        one = Viewer()
        one.put("link", {"up": self.up})
        for document in self.documents:
            one.put("document", document)
        if self.telemetry is not None and self.up:
            one.put("telemetry", self.telemetry)
        self._viewers.add(one)
        try:
            yield one
        finally:
            self._viewers.discard(one)

    async def _run(self) -> None:
        while True:
            try:
                await self._talk()
            except (OSError, ConnectionError, ValueError) as trouble:
                log.debug("table link: %s", trouble)
            self._drop()
            await asyncio.sleep(RETRY_S)

    async def _talk(self) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.setblocking(False)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BIGGEST)
            await loop.sock_connect(line, str(self.path))
            self._socket = line
            self._spawn(self._greet())
            while packet := await loop.sock_recv(line, BIGGEST):
                self._hear(_read(packet))

    async def _greet(self) -> None:
        self.hello = await self.request("hello", client="console")
        self.up = True
        self._tell("link", {"up": True})
        if self._on_connect is not None:
            await self._on_connect(self.hello)

    async def _tell_the_model(self, model: Model) -> None:
        """As long as somebody watches and somebody is bound; it is never in the way of the line."""
        while self._task is not None and not self._task.done():
            await asyncio.sleep(MODEL_S)
            uid = ((self.telemetry or {}).get("bound") or {}).get("session")
            if uid and self._viewers:
                try:
                    self._tell("spine", await model(str(uid)))
                except Exception:  # whatever the model is at, the next look may be better
                    log.exception("the model of the spine could not be asked")

    def _hear(self, message: Message) -> None:
        if "re" in message:
            waiting = self._waiting.get(message["re"])
            if waiting is not None and not waiting.done():
                waiting.set_result(message)
        elif "telemetry" in message:
            self._keep(message["telemetry"])
            self._tell("telemetry", message["telemetry"])
        elif "document" in message:
            self._document(message["document"])

    def _keep(self, telemetry: Message) -> None:
        self.telemetry = telemetry
        now = telemetry.get("t")
        if now is None or (self.history and now < self.history[-1]["t"]):
            self.history.clear()
        elif not self.history or now - self.history[-1]["t"] >= 0.095:
            self.history.append({key: telemetry.get(key) for key in _DRAWN})

    def _document(self, document: Message) -> None:
        if document.get("doc") == "start":
            self.documents.clear()
            self.history.clear()
        self.documents.append(document)
        self._tell("document", document)
        if document.get("doc") == "stop" and self._on_stop is not None:
            self._spawn(self._on_stop(document))
        elif (document.get("data") or {}).get("change") == "asked" and self._on_change is not None:
            self._spawn(self._on_change(document))

    def _tell(self, kind: str, body: Message) -> None:
        for viewer in self._viewers:
            viewer.put(kind, body)

    def _drop(self) -> None:
        self._socket = None
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(TableAway())
        self.telemetry = None
        if self.up:
            self.up = False
            self._tell("link", {"up": False})

    def _spawn(self, work: Awaitable[None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except TableAway:
                pass
            except Exception:
                log.exception("table link: a listener failed")

        task = asyncio.get_running_loop().create_task(guarded())
        self._hooks.add(task)
        task.add_done_callback(self._hooks.discard)


_DRAWN = (
    "t",
    "phase",
    "cycle",
    "treatment_s",
    "prescribed_n",
    "measured_n",
    "spine_n",
    "spine_low_n",
    "spine_high_n",
    "limit_n",
)


def _read(packet: bytes) -> Message:
    """A message, or nothing at all where it is not clean JSON: NaN is no number, and the screen then shows its age."""
    try:
        message = json.loads(packet, parse_constant=_no_constant)
    except ValueError:
        log.warning("table link: a message was not JSON and was dropped")
        return {}
    return message if isinstance(message, dict) else {}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


@cache
def shared_link() -> TableLink:
    """The link of this web process."""
    from opentraction.clinic.recordings import take_in_change_soon, take_in_now, take_in_soon
    from opentraction.clinic.spine_line import drawn_now

    return TableLink(Path(settings.TABLE_SOCKET), take_in_now, take_in_soon, take_in_change_soon, drawn_now)
