"""What lets many work at once: pages in turn, a head of the record written once for many, files kept by browsers."""

from __future__ import annotations

import asyncio
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client

from opentraction.app import pages_in_turn, shared_connections
from opentraction.app.commands import run
from opentraction.app.pages_in_turn import AT_ONCE, FILE, LOOP, PAGE, Door, Line, kind_of, piece_by_piece
from opentraction.clinic import head_file, roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.apart import BESIDE
from opentraction.clinic.looking_up import A_PAGE, Looked
from opentraction.clinic.models import Patient
from opentraction.clinic.versioned_files import KEPT
from tests.clinic_ground import ADA, user_with

MANY = 12


class Gate:
    """Pages that stand still until they may go on, and are counted."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.lock = threading.Lock()
        self.made: list[str] = []
        self.inside = self.most = 0

    def page(self, request: HttpRequest) -> HttpResponse:
        with self.lock:
            self.made.append(request.path)
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self.open.wait(10)
        with self.lock:
            self.inside -= 1
        return HttpResponse()


def request_of(path: str = "/patients") -> HttpRequest:
    request = HttpRequest()
    request.path = path
    return request


async def until(happened: Callable[[], bool]) -> None:
    while not happened():
        await asyncio.sleep(0)


@pytest.mark.django_db
class TestLine:
    def test_pages_are_made_a_few_at_a_time_and_all_are_made(self) -> None:
        gate = Gate()

        async def many() -> list[int]:
            line = Line(gate.page, 3)
            jobs = [asyncio.create_task(line(request_of())) for _ in range(MANY)]
            await until(lambda: gate.inside == 3)
            gate.open.set()
            return [answer.status_code for answer in await asyncio.gather(*jobs)]

        assert asyncio.run(many()) == [200] * MANY
        assert gate.most == 3

    def test_a_page_that_fails_gives_its_place_back(self) -> None:
        def fails(_request: HttpRequest) -> HttpResponse:
            raise ValueError

        async def twice() -> None:
            line = Line(fails, 1)
            for _ in range(2):
                with pytest.raises(ValueError):  # noqa: PT011 (any will do)
                    await asyncio.wait_for(line(request_of()), 10.0)

        asyncio.run(twice())

    def test_who_leaves_while_waiting_leaves_the_line(self) -> None:
        gate = Gate()

        async def leave() -> None:
            line = Line(gate.page, 1)
            first, gone, last = (asyncio.create_task(line(request_of(name))) for name in ("first", "gone", "last"))
            await until(lambda: gate.inside == 1)
            gone.cancel()
            await asyncio.wait({gone})
            await asyncio.sleep(0)
            gate.open.set()
            await asyncio.gather(first, last)

        asyncio.run(leave())
        assert gate.made == ["first", "last"]

    def test_who_comes_to_a_long_line_is_told_so_and_nothing_is_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pages_in_turn, "MOST_IN_LINE", 1)
        gate = Gate()

        async def crowd() -> Any:
            line = Line(gate.page, 1)
            jobs = [asyncio.create_task(line(request_of())) for _ in range(2)]
            await until(lambda: gate.inside == 1)
            told = await line(request_of("late"))
            gate.open.set()
            await asyncio.gather(*jobs)
            return told

        told = asyncio.run(crowd())
        assert (told.status_code, told["Retry-After"]) == (503, "5")
        assert "Too many pages" in told.content.decode()
        assert "late" not in gate.made


@pytest.mark.parametrize(("path", "kind"), [
    ("/table/act", LOOP), ("/table/stream", LOOP), ("/table/lockout", LOOP), ("/static/clinic/look.css", FILE),
    ("/patients", PAGE), ("/sign-in", PAGE), ("/no/such/page", PAGE),
])  # fmt: skip
def test_what_waits_for_the_table_waits_for_no_page(path: str, kind: str) -> None:
    assert kind_of(path) == kind


class TestPieces:
    """An export is read as it is sent, on one thread, and ended there when its reader leaves."""

    @pytest.fixture
    def told(self) -> list[tuple[str, str]]:
        return []

    def pieces(self, told: list[tuple[str, str]]) -> Iterator[str]:
        try:
            for name in "abc":
                told.append((name, threading.current_thread().name))
                yield name
        finally:
            told.append(("over", threading.current_thread().name))

    def test_each_piece_is_read_when_the_last_one_is_gone(self, told: list[tuple[str, str]]) -> None:
        async def read() -> None:
            async for piece in piece_by_piece(self.pieces(told), str.encode):
                assert told[-1][0].encode() == piece

        asyncio.run(read())
        assert [name for name, _ in told] == ["a", "b", "c", "over"]
        assert len({thread for _, thread in told}) == 1

    def test_a_reader_who_leaves_ends_it(self, told: list[tuple[str, str]]) -> None:
        async def leave() -> None:
            pieces = piece_by_piece(self.pieces(told), str.encode)
            assert await anext(pieces) == b"a"  # type: ignore[arg-type]
            await pieces.aclose()  # type: ignore[attr-defined]
            await until(lambda: told[-1][0] == "over")

        asyncio.run(leave())
        assert [name for name, _ in told] == ["a", "over"]
        assert len({thread for _, thread in told}) == 1


class TestHeadFile:
    def test_many_at_once_wait_for_the_disk_together(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
        """While the file is held nobody returns; then one write of the longest head serves all who wait."""
        monkeypatch.setattr(head_file, "path", lambda: tmp_path / "audit-head")
        syncs: list[int] = []
        real = os.fdatasync
        monkeypatch.setattr(os, "fdatasync", lambda file: (syncs.append(file), real(file)))
        held = os.open(tmp_path / "audit-head", os.O_RDWR | os.O_CREAT)
        fcntl.flock(held, fcntl.LOCK_EX)
        with ThreadPoolExecutor(MANY) as pool:
            heads = [head_file.Head(length, f"{length:064d}") for length in range(1, MANY + 1)]
            writing = [pool.submit(head_file.write, head) for head in heads]
            while len(head_file._waiting) < MANY:
                assert not any(one.done() for one in writing), "returned before it was on disk"
            os.close(held)
            assert all(one.result(10) for one in writing)
        assert head_file.read() == heads[-1]
        assert len(syncs) == 1
        assert not head_file._waiting


@pytest.mark.django_db
class TestLookingUp:
    @pytest.fixture
    def desk(self) -> User:
        return user_with(roles.FRONT_DESK)

    def found(self, **words: str) -> list[str]:
        return [one.given_name for one in Looked.read(words).page(Patient.objects.all()).patients]

    def test_every_word_must_fit_a_beginning(self, desk: User) -> None:
        for given, family, born in (("Ada", "Example", "1971-05-23"), ("Eva", "Adams", "1980-01-02")):
            add_patient(ADA | {"given_name": given, "family_name": family, "birth_date": born}, by=desk)
        assert self.found(q="ada") == ["Eva", "Ada"]
        assert self.found(q="  EXA   ad ") == ["Ada"]
        assert self.found(q="xample") == []
        assert self.found(q="P-002") == self.found(q="2") == self.found(q="1980-01-02") == ["Eva"]
        assert self.found(q="1980-01-02 ada") == ["Eva"]
        assert self.found(q="1980-13-02\0") == []

    def test_pages_follow_each_other_without_a_gap(self, desk: User) -> None:
        for n in range(A_PAGE + 2):
            add_patient(ADA | {"family_name": f"Example {n:03d}"}, by=desk)
        first, last = (Looked.read({"page": page}).page(Patient.objects.all()) for page in ("1", "2"))
        assert [one.number for one in first.patients + last.patients] == list(range(1, A_PAGE + 3))
        assert (first.before, first.after, last.before, last.after) == (None, 2, 1, None)
        assert Looked.read({"page": "99"}).page(Patient.objects.all()) == last
        assert Looked.read({"page": "many"}).page(Patient.objects.all()) == first


def test_the_door_hands_a_file_over_whole() -> None:
    """From the server's side: headers first, then every byte of it."""
    sheet = Path(str(files("opentraction.clinic"))) / "static/clinic/console.css"
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": "/static/clinic/console.css", "root_path": "",
        "scheme": "http", "query_string": b"", "headers": [(b"host", b"127.0.0.1")], "server": ("127.0.0.1", 80),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def ask() -> None:
        asked, left = [{"type": "http.request", "body": b"", "more_body": False}], asyncio.Event()

        async def receive() -> dict[str, Any]:
            if asked:
                return asked.pop()
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await Door()(scope, receive, send)

    asyncio.run(ask())
    assert sent[0]["status"] == 200
    assert b"".join(one.get("body", b"") for one in sent[1:]) == sheet.read_bytes()
    assert [one.get("more_body", False) for one in sent[1:]][-1] is False


def test_consoles_and_their_connections_follow_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert run._consoles({}) == run._consoles({"OPENTRACTION_DATABASE_URL": ""}) == 1
    assert run._consoles({"OPENTRACTION_DATABASE_URL": "postgresql://one@host/clinic"}) == 2
    for engine, shared in (("sqlite3", False), ("postgresql", True)):
        database = {"ENGINE": f"django.db.backends.{engine}", "OPTIONS": {}}
        monkeypatch.setattr(shared_connections, "connections", SimpleNamespace(settings={"default": database}))
        shared_connections.share_connections()
        assert ("pool" in database["OPTIONS"]) is shared
    assert database["OPTIONS"]["pool"]["max_size"] > AT_ONCE + BESIDE


def test_a_file_in_its_version_is_kept_and_without_it_is_asked_for_again(client: Client, db: None) -> None:
    page = client.get("/sign-in").content.decode()
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in sheet
    for address, kept in (
        (sheet, True),
        (sheet.split("?")[0], False),
        (sheet[:-1] + "!", False),
        ("/sign-in?v=1", False),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert (answer["Cache-Control"] == KEPT) is kept, address
        answer.close()
