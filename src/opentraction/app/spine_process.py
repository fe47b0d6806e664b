"""The spine process: hears the table, follows the modelled spine of whoever lies on it, and answers the console.

It asks the table for nothing and nobody waits for it: without it the pages say that there is no model. Its socket takes
one JSON object a line: `{"do": "now", "session": uid}` and `{"do": "after", "session": uid}`. What is played after a
session is kept beside its recording (`spine.json`), and goes when that goes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opentraction.app.lifeline import end_with_parent
from opentraction.app.spine_file import keep, kept

if TYPE_CHECKING:
    from opentraction.app.spine_following import Following

Message = dict[str, Any]
BIGGEST = 1 << 20
RETRY_S = 1.0
BEHIND_EVERYBODY = 15
"""Niceness: the table and the pages go first."""
LONGEST_LINE = 1000
CLOSING_S = 2.0
"""The recorder has its last second to write after a session's end."""
log = logging.getLogger(__name__)


class SpineProcess:
    """One line to the table, one session followed, one played after its end."""

    def __init__(self, table: Path, own: Path, data: Path) -> None:
        self.table, self.own, self.data = table, own, data
        self.following: Following | None = None
        self._playing: dict[str, float] = {}
        self._wrong: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy = asyncio.Lock()

    async def run(self) -> None:
        """Until cancelled."""
        self.own.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, str(self.own), limit=LONGEST_LINE)
        async with server:
            while True:
                with contextlib.suppress(OSError, ValueError):
                    await self._listen()
                await asyncio.sleep(RETRY_S)

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.setblocking(False)
            await loop.sock_connect(line, str(self.table))
            while packet := await loop.sock_recv(line, BIGGEST):
                await self.hear(json.loads(packet))

    async def hear(self, message: Message) -> None:
        """A document or telemetry of the table."""
        document = message.get("document") or {}
        if document.get("doc") == "start":
            self._follow(document)
        elif document.get("doc") == "stop" and self.following is not None:
            self._begin(self.following.uid, CLOSING_S)
        if "telemetry" in message:
            await self._telemetry(message["telemetry"])

    async def _telemetry(self, told: Message) -> None:
        uid, t = (told.get("bound") or {}).get("session"), told.get("t")
        if uid is None or t is None:
            return
        if self.following is None or self.following.uid != uid:
            start = self._start_of(uid)
            if start is None:
                return
            self._follow(start)
        if self.following is not None and not self._busy.locked():
            from opentraction.app.spine_following import pull_of

            async with self._busy:
                await asyncio.to_thread(self.following.step, float(t), pull_of(told))

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

    def answer(self, asked: Message) -> Message:
        """One question of the console."""
        uid = str(asked.get("session", ""))
        if asked.get("do") == "now":
            if self.following is None or self.following.uid != uid:
                return {"session": uid, "why": "nobody is followed in this session"}
            return self.following.document()
        if asked.get("do") == "after":
            return self._after(uid)
        return {"why": "do: allowed are now and after"}

    def _after(self, uid: str) -> Message:
        if uid in self._playing:
            return {"session": uid, "share": round(self._playing[uid], 3)}
        if uid in self._wrong:
            return {"session": uid, "why": self._wrong[uid]}
        if not (self._folder(uid) / "documents.jsonl").is_file():
            return {"session": uid, "why": "there is no recording of this session"}
        if kept(self._folder(uid)) is not None:
            return {"session": uid, "ready": True}
        self._begin(uid)
        return {"session": uid, "share": 0.0}

    def _begin(self, uid: str, patience: float = 0.0) -> None:
        if uid in self._playing:
            return
        self._playing[uid] = 0.0
        task = asyncio.get_running_loop().create_task(self._play(uid, patience))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _play(self, uid: str, patience: float) -> None:
        def heard(share: float) -> None:
            self._playing[uid] = share

        try:
            await asyncio.sleep(patience)
            await asyncio.to_thread(keep, self._folder(uid), heard)
        except Exception as trouble:  # told on the page; the next session is followed all the same
            log.warning("the session %s was not played: %s", uid, trouble)
            self._wrong[uid] = str(trouble)
        finally:
            self._playing.pop(uid, None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = json.loads(await reader.readline())
            reply = self.answer(asked) if isinstance(asked, dict) else {"why": "a JSON object is allowed"}
        except ValueError:
            reply = {"why": "a JSON object of at most 1000 characters on a line is allowed"}
        with contextlib.suppress(OSError):
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
        writer.close()


def main(table: Path, own: Path, data: Path) -> int:
    """Until SIGTERM or SIGINT."""
    end_with_parent()
    os.nice(BEHIND_EVERYBODY)
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_until_told(SpineProcess(table, own, data)))
    own.unlink(missing_ok=True)
    return 0


async def _until_told(process: SpineProcess) -> None:
    task = asyncio.current_task()
    assert task is not None
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    await process.run()
