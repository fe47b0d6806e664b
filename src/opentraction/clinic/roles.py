"""Who may do what. A role is a row of a table of acts; a user has roles in a clinic, and acts in one clinic at a time.

Anyone signed in may stop, whatever the role (`table_line/stopping.py`). A superuser has no more rights here than the
roles given to them: for emergencies there is a door that is watched (`actions/emergency.py`), not a key to every room.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from opentraction.clinic.models import Clinic, Membership

FRONT_DESK: Final = "front-desk"
THERAPIST: Final = "therapist"
CLINICIAN: Final = "clinician"
ADMINISTRATOR: Final = "administrator"
AUDITOR: Final = "auditor"
PATIENT: Final = "patient"
ROLES: Final = (FRONT_DESK, THERAPIST, CLINICIAN, ADMINISTRATOR, AUDITOR, PATIENT)

WORK: Final = "work"
"""Use the console at all: choose a unit of force, go home."""
FIND: Final = "find"
"""See who the patients are: names, birth dates, pseudonyms. Nothing of why they come."""
LOOK: Final = "look"
"""Open the clinical record."""
REGISTER: Final = "register"
BOOK: Final = "book"
BILL: Final = "bill"
SCREEN: Final = "screen"
TREAT: Final = "treat"
OUTCOMES: Final = "outcomes"
PRESCRIBE: Final = "prescribe"
SIGN: Final = "sign"
OVERRIDE: Final = "override"
EXPORT: Final = "export"
EMERGENCY: Final = "emergency"
"""Open a record of another clinic of this installation, with a reason, for an hour."""
MANAGE: Final = "manage"
"""Say who works here as what, and the clinic's own settings."""
AUDIT: Final = "audit"
"""Read who did what, and export it."""
RESULTS: Final = "results"
"""See the clinic's own results: counts of many, nobody's record."""
PORTAL: Final = "portal"
"""A patient: see and do what is one's own, under /portal."""

_TREATING: Final = {WORK, FIND, LOOK, REGISTER, BOOK, SCREEN, TREAT, OUTCOMES}
MAY: Final[dict[str, set[str]]] = {
    FRONT_DESK: {WORK, FIND, REGISTER, BOOK, BILL},
    THERAPIST: _TREATING,
    CLINICIAN: _TREATING | {BILL, PRESCRIBE, SIGN, OVERRIDE, EXPORT, EMERGENCY, RESULTS},
    ADMINISTRATOR: {WORK, MANAGE, AUDIT, RESULTS},
    AUDITOR: {WORK, AUDIT},
    PATIENT: {PORTAL},
}
ACTS: Final = frozenset().union(*MAY.values())
IN_WORDS: Final = {
    WORK: "use the console",
    FIND: "see the patients",
    LOOK: "look at records",
    REGISTER: "take in patients",
    OUTCOMES: "record outcomes",
    EMERGENCY: "open a record in an emergency",
    MANAGE: "manage people",
    AUDIT: "read who did what",
    RESULTS: "see the clinic's results",
    PORTAL: "use the portal",
}

Anyone = AbstractBaseUser | AnonymousUser


@dataclass
class Place:
    """Where a user acts: one clinic, the roles they have there, and for a patient the one who they are."""

    user: User
    clinic: Clinic
    roles: frozenset[str]
    patient: int | None = None
    clinics: tuple[Clinic, ...] = ()
    """Every clinic where they have a role, to choose from."""
    only: frozenset[str] | None = None
    """The acts of the key that a program came with; None for a person at a page."""
    key: str = ""
    """That key's name, for the record of acts."""
    force_unit: str = "N"
    """In which they read forces."""

    @cached_property
    def acts(self) -> frozenset[str]:
        """Everything that one of the roles allows, and the key where a program acts."""
        every: frozenset[str] = frozenset().union(*(MAY[role] for role in self.roles if role in MAY))
        return every if self.only is None else every & self.only

    @cached_property
    def opened(self) -> frozenset[int]:
        """Patients of other clinics whose record is open to this user in an emergency now."""
        if EMERGENCY not in self.acts:
            return frozenset()
        return frozenset(self.user.emergencies.filter(until__gt=timezone.now()).values_list("patient_id", flat=True))


def place_of(user: Anyone) -> Place | None:
    """Where this user acts: the clinic chosen at this browser (`seats.py`), else the first they work in."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return user.place if hasattr(user, "place") else find_place(user)  # already looked up for this request, or not


def find_place(user: User, chosen: int | None = None) -> Place | None:
    """The roles in the clinic `chosen`, where the user has any there, else in the first; asked unless just read."""
    rows: list[Any] = getattr(user, "memberships_read", None) or memberships_of(user.pk)
    user.memberships_read = None  # type: ignore[attr-defined]  # whoever asks again asks the database
    ours = [row for row in rows if row.clinic_id == chosen] or rows
    if not ours:
        return None
    clinic, known = ours[0].clinic, ours[0].user
    own = frozenset(row.role for row in ours if row.clinic_id == clinic.pk)
    account = getattr(known, "patient_account", None) if PATIENT in own else None
    everywhere = tuple({row.clinic_id: row.clinic for row in rows}.values())
    place = Place(user, clinic, own, account.patient_id if account else None, everywhere)
    place.force_unit = getattr(getattr(known, "preference", None), "force_unit", place.force_unit)
    if not ours[0].opens:
        place.opened = frozenset()
    return place


def memberships_of(user_id: Any) -> list[Membership]:
    """The roles somebody has now, by clinic, each with the user, what they prefer and which patient they are.

    `opens` on each says whether they have a record open in an emergency: asked along, for it is asked of everybody.
    """
    from opentraction.clinic.models import Emergency, Membership

    open_now = Emergency.objects.filter(user=models.OuterRef("user"), until__gt=timezone.now())
    rows = Membership.objects.filter(user=user_id, active=True).annotate(opens=models.Exists(open_now))
    return list(rows.select_related("clinic", "user__preference", "user__patient_account").order_by("clinic_id"))


def may(user: Anyone, act: str) -> bool:
    """Whether one of the user's roles in the clinic where they act allows `act`."""
    place = place_of(user)
    return place is not None and act in place.acts


def require(user: Anyone, act: str, of: models.Model | None = None) -> User:
    """The user, or PermissionDenied (403). `of` is what is acted on: it must be of the clinic where the user acts.

    What was opened in an emergency is there to be read, so nothing can be done to it: `of` refuses it too.
    """
    place = place_of(user)
    if not isinstance(user, User) or place is None or act not in place.acts:
        raise PermissionDenied(f"You may not {IN_WORDS.get(act, act)} here. Ask {_who_may(act)}.")
    if of is not None and clinic_of(of) != place.clinic.pk:
        raise PermissionDenied("This belongs to another clinic. Nothing was changed.")
    if of is not None and act == PORTAL and patient_of(of) != place.patient:
        raise PermissionDenied("This belongs to somebody else. Nothing was changed.")
    return user


def _who_may(act: str) -> str:
    able = [role for role in (CLINICIAN, ADMINISTRATOR, FRONT_DESK) if act in MAY[role]]
    return {CLINICIAN: "a clinician", ADMINISTRATOR: "an administrator"}.get(able[0] if able else "", "the front desk")


def clinic_of(row: models.Model) -> int | None:
    """The clinic a row belongs to, along its model's `clinic_path`; None for rows that belong to none."""
    return _along(row, getattr(type(row), "clinic_path", ""))


def patient_of(row: models.Model) -> int | None:
    """The patient a row is about, along its model's `patient_path`; None for rows about nobody."""
    return _along(row, patient_path(type(row)))


def patient_path(model: type[models.Model]) -> str:
    """Where a model's patient stands: as it says, else its `clinic_path` without the last step."""
    said = getattr(model, "patient_path", None)
    return str(said) if said is not None else getattr(model, "clinic_path", "").rpartition("__")[0]


def _along(row: Any, path: str) -> int | None:
    """The primary key at the end of a path of foreign keys."""
    if not path:
        return None
    *steps, last = path.split("__")
    for step in steps:
        row = getattr(row, step, None)
    if row is None or last == "pk":
        return row.pk if row is not None else None
    key: int | None = getattr(row, f"{last}_id")
    return key


def give(user: User, role: str, clinic: Clinic | None = None, by: User | None = None) -> None:
    """Give the user a role in a clinic, the first one unless said; one that was closed is opened again."""
    from opentraction.clinic.models.clinic import first_clinic

    if role not in MAY:
        raise ValueError(f"{role} is no role")
    values = {"active": True, "since": timezone.now(), "by": by}
    user.memberships.update_or_create(clinic=clinic or first_clinic(), role=role, defaults=values)


def take(user: User, role: str, clinic: Clinic, by: User | None = None) -> None:
    """Close the user's role in a clinic; the row stays."""
    user.memberships.filter(clinic=clinic, role=role).update(active=False, since=timezone.now(), by=by)
