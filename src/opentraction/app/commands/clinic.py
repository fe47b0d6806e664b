"""`opentraction clinic`: the clinics of this installation."""

from __future__ import annotations

import argparse

from opentraction.app.commands.user import AUTHOR, open_clinic
from opentraction.quantities import BadInput


def main(chosen: argparse.Namespace) -> int:
    """Do one act, with its audit row, and say so."""
    open_clinic(chosen.data)
    from django.db import DatabaseError

    try:
        print({"add": _add, "list": _list}[chosen.act](chosen))
    except DatabaseError as error:
        raise BadInput("--data", str(chosen.data), f"a clinic whose database can be used ({error})") from None
    return 0


def _add(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.actions.clinics import add_clinic

    return f"Added {add_clinic(chosen.name, author=AUTHOR).name}. Nobody works there yet: opentraction user add"


def _list(chosen: argparse.Namespace) -> str:
    from opentraction.clinic.models import Clinic

    lines = [f"{'clinic':32} {'patients':>8} {'people':>8}"]
    for one in Clinic.objects.all():
        people = one.memberships.filter(active=True).values("user").distinct().count()
        lines.append(f"{one.name:32} {one.patients.count():8} {people:8}")
    return "\n".join(lines)
