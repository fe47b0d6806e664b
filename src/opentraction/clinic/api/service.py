"""The API put together: its operations by subject."""

from __future__ import annotations

from typing import Final

from ninja import NinjaAPI
from ninja.operation import Operation

from opentraction import DISCLAIMER, __version__
from opentraction.clinic.api.operations import (
    calendar,
    directory,
    me,
    money,
    outcomes,
    patients,
    record,
    screening,
    treatment,
)
from opentraction.clinic.api.problems import say_no

PREFIX: Final = "api/v1/"
SAYS: Final = (
    f"{DISCLAIMER} What other programs of a clinic ask and do: the acts of the console, with its roles, its clinics "
    "and its record of acts. Units are SI and stand in the names; times are UTC. What needs a signature (plans, "
    "consent, overrides) and what commands a table is not here: that needs a person."
)


class Clinic(NinjaAPI):
    """Operations are called by their subject and their function, as `patients_road`."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return f"{operation.view_func.__module__.rpartition('.')[2]}_{operation.view_func.__name__}"


api = Clinic(
    title="OpenTraction",
    version=__version__,
    description=SAYS,
    openapi_url=None,
    docs_url=None,
    urls_namespace="opentraction-api",
)
say_no(api)
for tag, subject in (
    ("you", me), ("patients", patients), ("screening", screening), ("calendar", calendar), ("outcomes", outcomes),
    ("treatment", treatment), ("money", money), ("specialists", directory), ("record", record),
):  # fmt: skip
    api.add_router("", subject.router, tags=[tag])
