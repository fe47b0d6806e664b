"""What lets many work at once: pages in turn, a head of the record written once for many, files kept by browsers."""

from __future__ import annotations

import asyncio
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.test import Client

from opentraction.app import shared_connections
from opentraction.app.commands import run
from opentraction.clinic import head_file, roles
from opentraction.clinic.actions.patients import add_patient
from opentraction.clinic.apart import BESIDE
from opentraction.clinic.in_turn import AT_ONCE, InTurn
from opentraction.clinic.looking_up import A_PAGE, Looked
from opentraction.clinic.models import Patient
from opentraction.clinic.versioned_files import KEPT
from tests.clinic_ground import ADA, user_with

MANY = 12


def request_of(path: str) -> HttpRequest:
    request = HttpRequest()
    request.path = path
    return request


class TestInTurn:
    async def _most(self, paths: list[str], at_once: int) -> int:
        """How many were answered at the same time, at most."""
        inside, most, gate = 0, 0, asyncio.Event()

        async def page(_request: HttpRequest) -> HttpResponse:
            nonlocal inside, most
            inside += 1
            most = max(most, inside)
            await gate.wait()
            inside -= 1
            return HttpResponse()

        turns = InTurn(page, at_once)
        jobs = [asyncio.create_task(turns(request_of(path))) for path in paths]
        for _ in range(5):
            await asyncio.sleep(0)
        gate.set()
        assert len(await asyncio.gather(*jobs)) == len(paths)
        return most

    def test_pages_are_made_a_few_at_a_time_and_all_are_made(self) -> None:
        assert asyncio.run(self._most(["/patients"] * MANY, 3)) == 3

    def test_what_steers_a_treatment_waits_for_no_page(self) -> None:
        paths = ["/patients"] * MANY + ["/table/act", "/table/stream"]
        assert asyncio.run(self._most(paths, 3)) == 5

    def test_a_page_that_fails_gives_its_place_back(self) -> None:
        async def fails(_request: HttpRequest) -> HttpResponse:
            raise ValueError

        async def twice() -> None:
            turns = InTurn(fails, 1)
            for _ in range(2):
                with pytest.raises(ValueError):  # noqa: PT011 (any will do)
                    await asyncio.wait_for(turns(request_of("/patients")), 1.0)

        asyncio.run(twice())


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
