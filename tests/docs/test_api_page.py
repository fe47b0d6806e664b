"""The page of the API: each of its examples is sent, and what it says of refusals is what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from opentraction.clinic.api.problems import TITLES
from opentraction.clinic.models import TreatmentSession
from tests.api_ground import token_of, with_key
from tests.unit.conftest import ada, clinician, session

__all__ = ["ada", "clinician", "session"]  # fixtures
pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).parents[2] / "docs/engineer/api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\$ (curl .*)$", PAGE, re.MULTILINE)


def said(line: str, token: str) -> tuple[str, str, str | None, str]:
    """Method, address, body and the key's line of one example."""
    words = shlex.split(line.replace("$KEY", token).replace("$CLINIC", "http://127.0.0.1"))
    headers = [words[i + 1] for i, word in enumerate(words) if word == "-H"]
    body = words[words.index("-d") + 1] if "-d" in words else None
    method = "post" if body is not None or "-X" in words else "get"
    return method, words[-1].removeprefix("http://127.0.0.1"), body, headers[0]


def test_every_example_is_answered(session: TreatmentSession, clinician: User) -> None:
    assert len(EXAMPLES) >= 14
    for line in EXAMPLES:
        method, where, body, key = said(line, token_of(clinician))
        program = Client(headers={"Authorization": key.removeprefix("Authorization: ")})
        where = re.sub(r"/patients/1\b", f"/patients/{session.patient_id}", where)
        where = where.replace("patient=1", f"patient={session.patient_id}")
        answer = program.generic(method.upper(), where, body or "", content_type="application/json")
        assert answer.status_code in {200, 201}, f"{line}: {answer.content!r}"


def test_a_refusal_of_every_kind_stands_on_the_page(session: TreatmentSession, clinician: User) -> None:
    rows = {int(status) for status in re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE)}
    assert rows == TITLES.keys() - {500}
    assert with_key(clinician).get("/api/v1/nothing").status_code in rows
