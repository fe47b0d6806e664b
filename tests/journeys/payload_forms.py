"""Every form of the console filled in with hostile words, by somebody who may: what is stored, what is refused.

Run as a program in a data folder that has the demo in it. It opens every address as a clinician who also administers,
the patients' own as the patient, finds the forms on the pages and sends each as it stands with a payload in
every field of free text; some rounds, each with other payloads. It prints as JSON: addresses to open afterwards,
refusals as they were answered, and the columns of the database that hold a payload now.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("payloads.toml")
ROUNDS: Final = int(os.environ.get("OPENTRACTION_PAYLOAD_ROUNDS", "1"))
TEXTS: Final = frozenset({"text", "search", "url", "tel", "email", ""})
PASSWORDS: Final = frozenset({"password"})
KEEP_OUT: Final = (
    "sign-out", "account", "second-factor", "sign-in", "unlock", "seat", "choose-clinic", "language", "table-",
    "/close", "/withdraw", "/end", "/lift", "/set-aside", "/put-aside", "/purpose", "preferences", "/export",
)  # fmt: skip
"""Forms that end something the walk still needs, or take no words."""


def payloads() -> list[str]:
    """All of them, numbered."""
    groups = tomllib.loads(FILE.read_text("utf-8"))
    every = [text for group in groups.values() for text in group]
    return [text.replace("{n}", str(number)) for number, text in enumerate(every, start=1)]


@dataclass
class Form:
    """A form as it stands on a page: its fields with what they hold, and which of them take free text."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """What each holds now."""
    button: tuple[str, str] | None = None


FILL: Final = {
    "mass": "70 kg", "stature": "1.7 m", "given_name": "Gus", "family_name": "Full", "name": "Full",
    "forces.high": "300 N", "hold.time": "20 s", "rest.time": "10 s", "why": "because it is so", "words": "as said",
    "because": "because it is so", "reason": "because it is so", "full_name": "Gus Full", "amount": "10.00",
    "reference": "one", "city": "Town",
}  # fmt: skip
"""What stands in the other fields where they are empty, so that a form is not refused for them."""


class Forms(HTMLParser):
    """Reads the forms of a page."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where, self.found, self.now = where, list[Form](), Form("", "")
        self.inside = False
        self.area, self.select, self.picked = "", "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.now, self.inside = Form(has.get("action") or self.where, has.get("method", "get")), True
            self.found.append(self.now)
        elif self.inside and "disabled" not in has:
            self._field(tag, has, dict(attrs))

    def _field(self, tag: str, has: dict[str, str], raw: dict[str, str | None]) -> None:
        name, kind = has.get("name", ""), has.get("type", "")
        if tag == "input" and name:
            self._input(name, kind, has, raw)
        elif tag == "textarea":
            self.area = name
            self.now.texts[name] = ""
        elif tag == "select":
            self.select, self.picked = name, ""
        elif tag == "option" and self.select and (not self.picked or "selected" in raw):
            self.picked = has.get("value", "")
        elif tag == "button" and name and self.now.button is None:
            self.now.button = (name, has.get("value", ""))

    def _input(self, name: str, kind: str, has: dict[str, str], raw: dict[str, str | None]) -> None:
        known = {one for one, _ in self.now.fields}
        if kind in {"checkbox", "radio"}:
            if "checked" in raw or (kind == "radio" and name not in known):
                self.now.fields = [one for one in self.now.fields if kind != "radio" or one[0] != name]
                self.now.fields.append((name, has.get("value", "on")))
        elif kind in TEXTS and "inputmode" not in has:
            self.now.texts[name] = has.get("value", "")
        elif kind not in {"submit", "button", "file"}:
            self.now.fields.append((name, has.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.now.texts[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area
        if tag == "select" and self.select:
            self.now.fields.append((self.select, self.picked))
            self.select = ""
        elif tag == "form":
            self.inside = False


class Walk:
    """The walk through every page, and what came of it."""

    def __init__(self, ground: Any, password: str) -> None:
        self.ground, self.password = ground, password
        self.hostile, self.turn = payloads(), 0
        self.refused: dict[str, dict[str, Any]] = {}
        self.sent = self.kept = 0
        self.fields: set[str] = set()

    def next(self) -> str:
        """Another payload each time."""
        self.turn += 1
        return self.hostile[self.turn % len(self.hostile)]

    def page(self, browser: Any, name: str, where: str) -> None:
        """Send every form of one page."""
        answer = browser.get(where)
        if "text/html" not in answer.headers.get("Content-Type", "") or answer.streaming:
            return
        reader = Forms(where)
        reader.feed(answer.content.decode())
        for form in reader.found:
            if form.texts and not any(word in form.action for word in KEEP_OUT) and form.action.startswith("/"):
                self.send(browser, name, form)

    def send(self, browser: Any, name: str, form: Form) -> None:
        """One form: every free text at once, then one at a time so that a refusal of one does not hide the others."""
        every = list(form.texts)
        each = [every[i::8] for i in range(8)] if len(every) > 8 else [[one] for one in every]
        for chosen in [every, *each] if len(every) > 1 else [every]:
            fields: dict[str, Any] = {}
            for key, value in form.fields:
                fields.setdefault(key, []).append(self.password if key in PASSWORDS else value)
            fields |= {
                key: self.next() if key in chosen else held or FILL.get(key, "") for key, held in form.texts.items()
            }
            fields |= dict([form.button] if form.button else [])
            answer = browser.post(form.action, fields) if form.method == "post" else browser.get(form.action, fields)
            self.sent += 1
            self.fields |= {f"{name}: {key}" for key in chosen}
            if answer.status_code in {302, 303} or (answer.status_code == 200 and form.method == "post"):
                self.kept += 1
            assert answer.status_code < 500 or answer.status_code == 503, f"{form.action}: {answer.status_code}"
            if "text/html" in answer.headers.get("Content-Type", "") and answer.content:
                key = f"{form.action.split('?')[0]} {','.join(chosen)}"
                self.refused[key] = {"path": form.action.split("?")[0], "html": answer.content.decode()}


def stored() -> list[str]:
    """Table and column of every text in the database that holds a payload."""
    from django.apps import apps
    from django.db import models

    marks = ("HIT", "hit", "7*7")
    found = set()
    for model in apps.get_models():
        columns = [one for one in model._meta.concrete_fields
                   if isinstance(one, models.CharField | models.TextField | models.JSONField)]  # fmt: skip
        if not columns or model._meta.label == "clinic.AuditRow":
            continue
        for row in model._base_manager.values_list(*(one.attname for one in columns)):
            for column, value in zip(columns, row, strict=True):
                if any(mark in json.dumps(value, ensure_ascii=False) for mark in marks):
                    found.add(f"{model._meta.label}.{column.name}")
    return sorted(found)


def addresses(ground: Any) -> Iterator[tuple[str, str, str]]:
    """Name, need and address of everything that answers a GET."""
    from opentraction.clinic import access
    from tests.specimens import address, urls

    for name, _ in urls():
        need = access.needed(name, "get")
        if need not in {None, "itself"} and name not in {"table-stream", "table-history", "table-alarms"}:
            yield name, str(need), address(name, ground)


def main(password: str) -> dict[str, Any]:
    """Do it."""
    from django.contrib.auth.models import User
    from django.test import Client

    from opentraction.clinic.actions.patients import add_patient
    from opentraction.clinic.actions.prescriptions import draft
    from opentraction.clinic.directory.models import Specialist
    from opentraction.clinic.models import Patient, TreatmentSession
    from opentraction.clinic.rehearsing import library
    from tests.clinic_ground import ADA
    from tests.specimens import Ground

    by = User.objects.get(username="clinician")
    ada = Patient.objects.get(number=1)
    for number, text in enumerate(payloads()):  # all of them as names, at once, on the list of patients
        if text.isprintable():
            add_patient(ADA | {"given_name": text[:80], "complaint": text[:120]}, by=by)
            known = {"registry": "nppes", "number": f"9{number}", "kind": "person", "sort_name": f"eve {number:03}"}
            Specialist.objects.create(name=text, street=text, city=text, phone=text, credential=text, **known)
    document = library()["vax-d-1997"].read_text("utf-8")
    for text in payloads()[::9]:
        draft(ada, text[:80] if text.isprintable() else "plain", document, by=by)
    signed = ada.prescriptions.exclude(signed_at=None).first()
    one = TreatmentSession(patient=ada, plan=signed.plans.first(), operator=by)
    one.save()
    walk = Walk(Ground(ada, one), password)
    staff, patient = Client(), Client()
    staff.force_login(by)
    patient.force_login(ada.account.user)
    places = list(addresses(walk.ground))
    for _ in range(ROUNDS):
        for name, need, where in places:
            walk.page(patient if need == "portal" else staff, name, where)
    return {
        "pages": [{"name": name, "need": need, "path": where} for name, need, where in places],
        "refused": list(walk.refused.values()), "stored": stored(), "fields": sorted(walk.fields),
        "sent": walk.sent, "kept": walk.kept, "patient": ada.account.user.username,
    }  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings as _settings

    _settings.ALLOWED_HOSTS.append("testserver")
    json.dump(main(sys.argv[1]), sys.stdout)
