"""Two hundred browsers in one process: each walks the pages of its role, fetches their styles and scripts as a browser
does (asked again with what it has, mostly answered 304), and thinks for some seconds in between.

It stands for two hundred other machines, so it is not kept waiting for a core by what it measures (SCHED_FIFO, lowest
priority, where that is granted; it says so where it is not). The cores it works on are still the server's.

Reads its orders from standard input as one line of JSON and answers with one line: what each page took.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
TELEMETRY = b"event: telemetry"
PATIENCE_S = 60.0
PAGES_A_PATIENT = 4
"""Somebody who opened a patient stays with them for so many pages, in the mean."""
WALKS: dict[str, list[tuple[str, str, int]]] = {
    "clinician": [
        ("patients", "/patients", 2), ("patients, search", "/patients?q={name}", 4),
        ("patient", "/patients/{patient}", 6),
        ("outcomes", "/patients/{patient}/outcomes", 3), ("course", "/patients/{patient}/course", 2),
        ("intake", "/patients/{patient}/intake", 2), ("agenda, day", "/agenda", 2), ("agenda, week", "/agenda/week", 1),
        ("specialists", "/specialists?near={place}&radius=25", 1),
    ],
    "front-desk": [
        ("patients", "/patients", 1), ("patients, search", "/patients?q={name}", 5),
        ("patient", "/patients/{patient}", 3),
        ("agenda, day", "/agenda", 5), ("agenda, week", "/agenda/week", 2),
        ("appointments", "/patients/{patient}/appointments", 2),
        ("bills of a patient", "/patients/{patient}/bills", 3), ("money of the clinic", "/money", 1),
        ("who comes tomorrow", "/agenda/tomorrow", 1),
    ],
    "patient": [
        ("portal", "/portal", 4), ("portal, results", "/portal/results", 2), ("portal, bills", "/portal/bills", 1),
        ("portal, forms", "/portal/forms", 2), ("portal, home", "/portal/home/", 2),
    ],
    "administrator": [("people", "/people", 2), ("who did what", "/acts", 2)],
}  # fmt: skip
WALKS["therapist"] = WALKS["clinician"]
STAFF = frozenset({"clinician", "therapist", "front-desk"})
BY_ITSELF = "asked by the page itself"
BY_ITSELF_S, SEAT, RED_LINE = 30.0, "/seat", "/red-line"
"""A page tells of a hand on it, and asks for new emergencies, twice a minute."""
PLACES = ("10001", "60614", "94110", "33125", "77004", "98103")


class Failed(Exception):
    """An answer that is none, or not what a page is."""


class Browser:
    """One connection kept open, reconnected when the server has closed it."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port, self.cookie = port, cookie
        self.kept: dict[bytes, str] = {}
        self.for_good: set[bytes] = set()
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, known: str = "") -> tuple[int, dict[str, str], bytes]:
        """Status, headers, body; asked a second time where a kept connection turns out closed."""
        for attempt in range(2):
            fresh = self._line is None
            try:
                return await asyncio.wait_for(self._ask(path, known), PATIENCE_S)
            except (ConnectionError, asyncio.IncompleteReadError, TimeoutError) as trouble:
                self.leave()
                if fresh or attempt or isinstance(trouble, TimeoutError):
                    raise Failed(repr(trouble)) from None
        raise Failed("not answered")

    async def _ask(self, path: str, known: str) -> tuple[int, dict[str, str], bytes]:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._line
        writer.write(self.request(path, known))
        head = await reader.readuntil(b"\r\n\r\n")
        status, headers = read_head(head)
        return status, headers, await self._body(reader, status, headers)

    def request(self, path: str, known: str = "", accept: str = "text/html") -> bytes:
        """The words of a GET."""
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: sessionid={self.cookie}"]
        lines += [f"Accept: {accept}", *([f"If-Modified-Since: {known}"] if known else []), "", ""]
        return "\r\n".join(lines).encode()

    async def _body(self, reader: asyncio.StreamReader, status: int, headers: dict[str, str]) -> bytes:
        if status == 304:
            return b""
        if "content-length" in headers:
            return await reader.readexactly(int(headers["content-length"]))
        parts = []
        while size := int((await reader.readuntil(b"\r\n")).strip() or b"0", 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return b"".join(parts)

    def keep(self, key: bytes, headers: dict[str, str]) -> None:
        """As a browser keeps a file: for good where it may, else with its date, to ask with."""
        if "immutable" in headers.get("cache-control", ""):
            self.for_good.add(key)
        self.kept[key] = headers.get("last-modified", "")

    def leave(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line[1].close()
        self._line = None


def thought(chance: random.Random, think: dict[str, Any]) -> float:
    """How long somebody looks at a page before the next [s]."""
    if think["kind"] == "exponential":
        return min(chance.expovariate(1.0 / think["mean"]), float(think["most"]))
    return chance.uniform(think["low"], think["high"])


def read_head(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


class Crowd:
    """What all of them saw: milliseconds by page, errors in words, gaps between frames."""

    def __init__(self, orders: dict[str, Any]) -> None:
        self.orders = orders
        self.took: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.gaps: list[float] = []
        self.counts_from = time.monotonic() + orders["warm_up"]
        self.ends = self.counts_from + orders["seconds"]

    async def walk(self, person: dict[str, Any], number: int) -> None:
        """One user until the end: a page, its files, a thought."""
        chance = random.Random(f"{self.orders['seed']} {number}")
        browser, pages = Browser(self.orders["port"], person["cookie"]), WALKS[person["role"]]
        think = self.orders["think"]
        await asyncio.sleep(chance.uniform(0, 7.0))  # nobody arrives at the same moment
        patient, asked = 0, time.monotonic() - chance.uniform(0, BY_ITSELF_S)  # nor did all open theirs at one moment
        while time.monotonic() < self.ends:
            name, path, _ = chance.choices(pages, [weight for *_, weight in pages])[0]
            if not patient or chance.random() < 1 / PAGES_A_PATIENT:
                patient = chance.choice(self.orders["patients"][str(person["clinic"])])
            filled = path.format(
                patient=patient,
                name=quote(chance.choice(self.orders["names"])), place=chance.choice(PLACES),
            )  # fmt: skip
            body = await self._timed(browser, name, filled)
            if time.monotonic() - asked > BY_ITSELF_S:
                asked = time.monotonic()
                for path in (SEAT, *((RED_LINE,) if person["role"] in STAFF else ())):
                    await self._timed(browser, BY_ITSELF, path)
            for asset in dict.fromkeys(ASSET.findall(body)):
                await self._timed(browser, "styles and scripts", asset.decode(), kept=True)
            await asyncio.sleep(thought(chance, think))
        browser.leave()

    async def _timed(self, browser: Browser, name: str, path: str, kept: bool = False) -> bytes:
        key = path.encode()
        if kept and key in browser.for_good:
            return b""
        began = time.monotonic()
        try:
            status, headers, body = await browser.get(path, browser.kept.get(key, "") if kept else "")
        except Failed as trouble:
            self.errors.append(f"{path}: {trouble}")
            return b""
        if kept and status == 200:
            browser.keep(key, headers)
        if status not in ({200, 304} if kept else {200}):
            self.errors.append(f"{path}: status {status}")
        if began >= self.counts_from:
            self.took[name].append(1000 * (time.monotonic() - began))
        return body

    async def watch(self, person: dict[str, Any]) -> None:
        """The treatment's page, left open: when each frame of telemetry comes."""
        browser = Browser(self.orders["port"], person["cookie"])
        reader, writer = await asyncio.open_connection("127.0.0.1", browser.port)
        writer.write(browser.request("/table/stream", accept="text/event-stream"))
        await reader.readuntil(b"\r\n\r\n")
        last = 0.0
        while time.monotonic() < self.ends:
            line = await asyncio.wait_for(reader.readline(), PATIENCE_S)
            if not line:
                self.errors.append("/table/stream: it ended")
                return
            if line.startswith(TELEMETRY):
                now = time.monotonic()
                if last >= self.counts_from:
                    self.gaps.append(1000 * (now - last))
                last = now
        writer.close()

    async def run(self) -> dict[str, Any]:
        """Everybody, at once."""
        watchers, walkers = self.orders["watchers"], self.orders["people"]
        jobs = [self.watch(one) for one in watchers] + [self.walk(one, n) for n, one in enumerate(walkers)]
        await asyncio.gather(*jobs)
        return {"took": self.took, "errors": self.errors, "gaps": self.gaps}


def orders_given() -> Iterator[dict[str, Any]]:
    """One leg after another."""
    for line in sys.stdin:
        yield json.loads(line)


def not_kept_waiting() -> None:
    """Before whatever is not in real time, after the table's process."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except OSError as refusal:
        print(f"The crowd waits for a core like everybody else ({refusal}): its times are longer.", file=sys.stderr)


def main() -> None:
    """Walk as often as ordered."""
    not_kept_waiting()
    for orders in orders_given():
        with contextlib.suppress(KeyboardInterrupt):
            print(json.dumps(asyncio.run(Crowd(orders).run())), flush=True)


if __name__ == "__main__":
    main()
