"""The spine process: hears the table, follows the modelled spine of whoever lies on it, and answers the console.

It asks the table for nothing and nobody waits for it: without it the pages say that there is no model. Its socket takes
one JSON object a line: `{"do": "now", "session": uid}` and `{"do": "after", "session": uid}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from opentraction.app.lifeline import end_with_parent
from opentraction.app.spine_plays import Plays
from opentraction.app.table_socket import listen

if TYPE_CHECKING:
    from opentraction.app.spine_following import Following

Message = dict[str, Any]
BIGGEST = 1 << 20
RETRY_S = 1.0
BEHIND_EVERYBODY = 15
"""Niceness: the table and the pages go first."""
LONGEST_LINE = 1000
ASKING_S = 5.0
"""Who connects and says nothing for so long is hung up on."""
CLOSING_S = 2.0
"""The recorder has its last second to write after a session's end."""
log = logging.getLogger(__name__)


class SpineProcess:
    """One line to the table and one session followed; what is played after an end waits in a queue of its own."""

    def __init__(self, table: Path, data: Path) -> None:
        self.table, self.data = table, data
        self.following: Following | None = None
        self.plays = Plays()
        self._live = ThreadPoolExecutor(1, "live")
        self._stepping: asyncio.Future[None] | None = None

    async def run(self, own: socket.socket) -> None:
        """Answer on `own`, which listens already, until cancelled; what is compiled is compiled meanwhile."""
        self.warm()
        server = await asyncio.start_unix_server(self._serve, sock=own, limit=LONGEST_LINE)
        try:
            async with server:
                while True:
                    with contextlib.suppress(OSError, ValueError):
                        await self._listen()
                    await asyncio.sleep(RETRY_S)
        finally:
            self.plays.end()
            self._live.shutdown(wait=False, cancel_futures=True)

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.setblocking(False)
            await loop.sock_connect(line, str(self.table))
            while packet := await loop.sock_recv(line, BIGGEST):
                self.hear(json.loads(packet))

    def warm(self) -> None:
        """Compile before anybody lies down; telemetry is left alone until that is done."""

        def made() -> None:
            from opentraction.app.spine_following import warmed  # the body's room takes a second to come in

            warmed()

        self._stepping = asyncio.get_running_loop().run_in_executor(self._live, made)

    @property
    def busy(self) -> bool:
        """Whether something is being compiled or stepped."""
        return self._stepping is not None and not self._stepping.done()

    def hear(self, message: Message) -> None:
        """A document or telemetry of the table; never held up by a step that is still being made."""
        document = message.get("document") or {}
        if document.get("doc") == "start":
            self._follow(document)
        elif document.get("doc") == "stop" and self.following is not None:
            self.plays.begin(self.following.uid, self._folder(self.following.uid), CLOSING_S)
        if "telemetry" in message:
            self._telemetry(message["telemetry"])

    async def settled(self) -> None:
        """When the step that is being made has been made."""
        if self._stepping is not None:
            await self._stepping

    def _telemetry(self, told: Message) -> None:
        uid, t = (told.get("bound") or {}).get("session"), told.get("t")
        if uid is None or t is None or self.busy:
            return
        if self.following is None or self.following.uid != uid:
            start = self._start_of(str(uid))
            if start is None:
                return
            self._follow(start)
        if self.following is not None:
            from opentraction.app.spine_following import pull_of

            step = partial(self.following.step, float(t), pull_of(told))
            self._stepping = asyncio.get_running_loop().run_in_executor(self._live, step)

    def _follow(self, start: Message) -> None:
        from opentraction.app.spine_following import Following  # the body's room only once somebody lies down

        self.following = Following(start, self._folder(str(start["uid"])))

    def _start_of(self, uid: str) -> Message | None:
        """Of a session that had begun before we listened."""
        try:
            with (self._folder(uid) / "documents.jsonl").open(encoding="utf-8") as log_file:
                first = json.loads(log_file.readline())
        except (OSError, ValueError):
            return None
        return first if isinstance(first, dict) and first.get("doc") == "start" else None

    def _folder(self, uid: str) -> Path:
        return self.data / "recordings" / Path(uid).name

    def answer(self, asked: Any) -> Message:
        """One question of the console."""
        if not isinstance(asked, dict) or asked.get("do") not in {"now", "after"}:
            return {"why": "a JSON object is allowed whose do is now or after"}
        try:
            uid = str(UUID(str(asked.get("session"))))
        except ValueError:
            return {"why": "session: the UUID of a session is allowed"}
        if asked["do"] == "after":
            return {"session": uid} | self.plays.asked(uid, self._folder(uid))
        if self.following is None or self.following.uid != uid:
            return {"session": uid, "why": "Nobody is followed in this session."}
        return self.following.document()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = json.loads(await asyncio.wait_for(reader.readline(), ASKING_S))
            reply = self.answer(asked)
        except (ValueError, RecursionError):
            reply = {"why": f"a JSON object of at most {LONGEST_LINE} characters on a line is allowed"}
        except (OSError, TimeoutError):
            writer.close()
            return
        with contextlib.suppress(OSError):
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
        writer.close()


def main(table: Path, own: Path, data: Path) -> int:
    """Until SIGTERM or SIGINT. Raises BadInput where there can be no socket."""
    end_with_parent()
    listening = listen(own, "--own", socket.SOCK_STREAM)
    os.nice(BEHIND_EVERYBODY)
    process = SpineProcess(table, data)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_until_told(process, listening))
    own.unlink(missing_ok=True)
    if process.busy:
        os._exit(0)  # a compiler at work cannot be told to end, and its thread would be waited for
    return 0


async def _until_told(process: SpineProcess, listening: socket.socket) -> None:
    task = asyncio.current_task()
    assert task is not None
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    await process.run(listening)
