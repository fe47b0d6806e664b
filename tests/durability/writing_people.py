"""People at the console who write through its real forms, and note what was acknowledged: for tests that kill it."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from typing import Any

WHO = {
    "given_name": "Ada", "birth_date": "1971-05-23", "sex": "female", "mass": "70 kg", "mass_confirmed": "",
    "stature": "168 cm", "disc_grade": "", "region": "lumbar", "levels": "L5-S1", "complaint": "", "ceiling": "",
}  # fmt: skip
WEEKS = 50
"""So far ahead they book: a week is full after a quarter of an hour."""
Acknowledged = list[Any]
"""What was written, as a word and what it is known by."""


class NotAnswered(Exception):
    """The server went away, or could not say."""


class Browser:
    """Signed in; each answer is either whole or none."""

    def __init__(self, base: str) -> None:
        self.base, self.cookies = base, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        return self._open(self.base + path)[1]

    def post(self, path: str, words: dict[str, str]) -> str:
        """Where it leads. Raises NotAnswered where it was not accepted or nothing came."""
        token = next((one.value for one in self.cookies if one.name == "csrftoken"), "") or ""
        body = urllib.parse.urlencode(words | {"csrfmiddlewaretoken": token}).encode()
        return self._open(urllib.request.Request(self.base + path, body, {"Referer": self.base}))[0]

    def sign_in(self, password: str) -> None:
        self.get("/sign-in")
        assert not self.post("/sign-in", {"username": "clinician", "password": password}).endswith("/sign-in")

    def _open(self, what: str | urllib.request.Request) -> tuple[str, str]:
        try:
            with self._opener.open(what, timeout=60.0) as answer:
                return answer.geturl(), answer.read().decode()
        except urllib.error.HTTPError as refusal:
            refusal.read()
            raise NotAnswered(f"{refusal.code}") from None
        except (OSError, http.client.HTTPException) as gone:
            raise NotAnswered(repr(gone)) from None


class Writer(threading.Thread):
    """Takes patients in, asks them, bills them, books them, reports what went wrong: until the server is gone."""

    def __init__(self, browser: Browser, name: str) -> None:
        super().__init__(daemon=True)
        self.browser, self.word = browser, name
        self.acknowledged: Acknowledged = []
        self.refused: list[str] = []
        self.over = threading.Event()
        self._chance = random.Random(name)

    def run(self) -> None:
        number = 0
        while not self.over.is_set():
            number += 1
            try:
                for noted in self._one(f"{self.word}-{number}"):
                    self.acknowledged.append(noted)
            except NotAnswered as why:
                self.refused.append(str(why))
                if not str(why).isdecimal():
                    return

    def _one(self, name: str) -> Iterator[list[Any]]:
        """Everything that is written of one patient; each thing is handed on once it was acknowledged."""
        self.browser.get("/patients/new")
        patient = _number(self.browser.post("/patients/new", WHO | {"family_name": name}))
        yield ["patient", patient, name]
        form = {"page": "1", "do": "hand-in", "now": "4", "average": "5", "worst": "7", "way": "paper"}
        self.browser.post(f"/patients/{patient}/outcomes/nprs_back", form | {"taken": self._today(patient)})
        yield ["outcome", patient]
        page = self.browser.get(f"/patients/{patient}/adverse-event")
        onset = _value(page, "onset")
        event = {
            "kind": "soreness",
            "onset": onset,
            "severity": "1",
            "relatedness": "possible",
            "what": f"Sore, {name}.",
        }
        self.browser.post(f"/patients/{patient}/adverse-event", event | {"action": "Told.", "outcome": "recovering"})
        yield ["event", patient, f"Sore, {name}."]
        page = self.browser.get(f"/patients/{patient}/bills/invoice")
        bill = {"item-cold-pack": "1", "due": _value(page, "due"), "do": "issue", "modifier": "", "discount_on": ""}
        yield ["invoice", _number(self.browser.post(f"/patients/{patient}/bills/invoice", bill))]
        yield from self._booked(patient)

    def _booked(self, patient: int) -> Iterator[list[Any]]:
        week = datetime.now(UTC).date() + timedelta(weeks=self._chance.randrange(WEEKS))
        page = self.browser.get(f"/agenda/book?patient={patient}&kind=reassessment&day={week.isoformat()}")
        starts = re.findall(r'name="start" value="([^"]+)"', page)
        if not starts:
            return
        start = self._chance.choice(starts)
        try:
            self.browser.post("/agenda/book", {"patient": str(patient), "kind": "reassessment", "start": start})
        except NotAnswered as why:
            if str(why) == "400":  # somebody else has it
                return
            raise
        yield ["booking", patient, start]

    def _today(self, patient: int) -> str:
        return _value(self.browser.get(f"/patients/{patient}/outcomes/nprs_back"), "taken")


def _number(address: str) -> int:
    """The number at the end of where an act led."""
    found = re.search(r"/(\d+)$", urllib.parse.urlsplit(address).path)
    if not found:
        raise NotAnswered(f"led to {address}")
    return int(found[1])


def _value(page: str, name: str) -> str:
    """What a field of a form holds."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    if not value:
        raise NotAnswered(f"no field {name}")
    return value[1]


def written(writers: list[Writer]) -> str:
    """Everything acknowledged, as JSON."""
    return json.dumps([one for writer in writers for one in writer.acknowledged])
