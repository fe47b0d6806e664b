"""Who a key is."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from opentraction.clinic import roles
from opentraction.clinic.api.operations.shapes import Told
from opentraction.clinic.api.problems import Refused

router = Router()


class Me(Told):
    """Whose key this is, where it acts, what it may do."""

    user: str
    clinic: str
    time_zone: str
    key: str
    acts: list[str]


@router.get("/me", response=Me, url_name="me", summary="Who am I")
def me(request: HttpRequest) -> Me:
    """Say whose key this is and what it may do. Good for trying one."""
    place = roles.place_of(request.user)
    if place is None:
        raise Refused(403, "You work in no clinic.")
    return Me(user=place.user.get_username(), clinic=place.clinic.name, time_zone=place.clinic.time_zone,
              key=place.key, acts=sorted(place.acts))  # fmt: skip
