"""Generated requests to the whole API: none is our fault (5xx), and every answer is as its document says.

Some hundred cases in every run of the suite, always the same; `scripts/api-cases 100000` makes as many as one likes.
Good and bad data alternate. Half of the numbers in addresses are those of rows that are there. What a case writes is
taken back after it; what it makes is opened once before.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from opentraction.clinic import access
from opentraction.clinic.models import TreatmentSession
from opentraction.clinic.views.failed import AT_ONCE
from tests.api_ground import HERE, token_of
from tests.specimens import API, SPECIMENS, Ground
from tests.unit.conftest import ada, clinician, session

__all__ = ["ada", "clinician", "session"]  # fixtures
pytestmark = pytest.mark.django_db
CASES: Final = int(os.environ.get("OPENTRACTION_API_CASES", "300"))
SEED: Final = int(os.environ.get("OPENTRACTION_API_SEED", "1"))
CHECKED: Final = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
A_ROUND: Final = 200
"""At most so many cases of one operation before the next one has its turn."""


class Caller:
    """Sends cases to the application, in one process, and counts what came back."""

    def __init__(self, token: str, known: dict[str, list[Any]]) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}
        self.known = known
        self.told: Counter[tuple[str, int]] = Counter()
        self.chance = random.Random(SEED)

    def send(self, case: Any, name: str) -> None:
        """One case and, of what it made, a look at it; then everything is as before."""
        if self.chance.random() < 0.5 and case.path_parameters and self.known.get(name):
            case.path_parameters["pk"] = self.chance.choice(self.known[name])
        with transaction.atomic():
            answer = case.call(headers=self.headers)
            self.told[name, answer.status_code] += 1
            case.validate_response(answer, checks=CHECKED)
            # One caller alone meets nobody: here a row the database refused is our fault, whatever it is told as.
            assert AT_ONCE.encode() not in answer.content, case.as_curl_command()
            if answer.status_code == 201:
                self._open(name, answer.json()["id"], case)
            transaction.set_rollback(True)
        if sum(self.told.values()) % 1000 == 0:
            print(self.sums(), flush=True)

    def sums(self) -> str:
        """How many so far, and what was answered."""
        counts = Counter(status for _, status in self.told.elements())
        return f"{counts.total()} cases: {dict(sorted(counts.items()))}"

    def _open(self, name: str, pk: int, case: Any) -> None:
        one = case.operation.schema[HERE + MADE[name]]["GET"]
        answer = one.Case(path_parameters={"pk": pk}).call(headers=self.headers)
        self.told["opened after it was made", answer.status_code] += 1
        assert answer.status_code == 200, f"{name} made {pk}, and it cannot be opened"


MADE: Final = {
    "api:patients": "/patients/{pk}",
    "api:appointments": "/appointments/{pk}",
    "api:outcomes": "/outcome-forms/{pk}",
}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request ends with its connection to PostgreSQL, and these requests are made inside a test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def caller(session: TreatmentSession) -> Caller:
    ground = Ground(session.patient, session)
    known = {name: list(SPECIMENS[name](ground).values()) for name in access.table() if name in SPECIMENS}
    return Caller(token_of(session.operator), {name: keys for name, keys in known.items() if name.startswith(API)})


@pytest.fixture
def document(db: None) -> Any:
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=config)


def turns(document: Any) -> Iterator[tuple[Any, str, GenerationMode]]:
    """Every operation with good data and with bad."""
    for found in document.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode.is_positive or operation.body or list(operation.query) or list(operation.path_parameters):
                yield operation, name_of(operation), mode


def name_of(operation: Any) -> str:
    """The address's name, as the table of access has it."""
    from django.urls import resolve

    where = operation.full_path.replace("sessions/{pk}", f"sessions/{'0' * 8}-0000-0000-0000-{'0' * 12}")
    return resolve(where.replace("{pk}", "1")).view_name


def test_no_generated_request_is_our_fault_and_every_answer_is_as_documented(document: Any, caller: Caller) -> None:
    every, number = list(turns(document)), 0
    while sum(caller.told.values()) < CASES:
        number += 1
        before = sum(caller.told.values())
        each = max(2, min(A_ROUND, (CASES - before) // len(every)))
        for operation, name, mode in every:
            _some(operation, name, mode, each, caller, 1000 * SEED + number)
    print(caller.sums())
    reached = {name for name, status in caller.told if status < 300}
    assert reached >= {name for _, name, _ in every} - RARE if CASES >= 300 else reached


RARE: Final = {"api:appointments", "api:move", "api:act", "api:outcomes", "api:specialists", "api:free"}
"""Only luck finds a free time, a state that fits, a known place: these may stay without a success."""


def _some(operation: Any, name: str, mode: GenerationMode, count: int, caller: Caller, which: int) -> None:
    @seed(which)
    @settings(
        max_examples=count, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), derandomize=False,
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        caller.send(case, name)

    run()


def test_no_operation_answers_without_a_key(document: Any) -> None:
    """Neither without any nor with a wrong one."""
    for operation, _, mode in turns(document):
        if mode.is_positive:
            pk = {"pk": "1" if "sessions/{" not in operation.path else f"{'0' * 8}-0000-0000-0000-{'0' * 12}"}
            case = operation.Case(path_parameters=pk if operation.path_parameters else {})
            assert case.call().status_code == 401, operation.label
            assert case.call(headers={"Authorization": "Bearer otk_no"}).status_code in {401, 429}, operation.label
