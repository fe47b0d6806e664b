"""The sessions a patient was given, as money sees them: which count, are on an invoice, or come from a package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from opentraction.care.money import left, sessions_taken
from opentraction.clinic.actions.changes import plan_of
from opentraction.clinic.billing.models import BilledSession, PackageRow
from opentraction.clinic.billing.papers_of import packages_of
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient, PlanChange, TreatmentSession
from opentraction.clinic.sessions_of import sessions_of
from opentraction.prescription import Plan


@dataclass(frozen=True, slots=True)
class Given:
    """One session that was pulled. `counts` by the domain's rule (`sessions_taken`): broken off early, it may not.

    `turn` is the one it would be billed in; `billed` the row of the invoice it stands on now, `package` the one it is
    taken out of. None of the two and it counts: it is to bill. `first` is when it was billed for the first time.
    """

    session: TreatmentSession
    number: int
    on: date
    counts: bool
    turn: int
    billed: BilledSession | None = None
    package: PackageRow | None = None
    first: datetime | None = None

    @property
    def to_bill(self) -> bool:
        """Whether it can go onto an invoice."""
        return self.counts and self.billed is None and self.package is None


def sessions_given(patient: Patient) -> list[Given]:
    """Every session that was pulled, in order. Raises BadInput where a paper was altered."""
    ended = patient.sessions.exclude(ending="").select_related("plan__prescription", "patient__clinic")
    pulled = [session for session in ended.order_by("created") if session.pulled]
    places = {pk: n for n, pk in enumerate((one.pk for one in sessions_of(patient)), start=1)}
    standing = _standing(patient)
    changed = {one.session_id: one for one in PlanChange.objects.filter(session__in=pulled)}
    percents = {one.pk: percent_pulled(one, plan_of(one, changed.get(one.pk))) for one in pulled}
    given = [_given(one, places[one.pk], percents[one.pk], *standing.get(one.pk, (0, None, None))) for one in pulled]
    return _with_packages(given, packages_of(patient))


def percent_pulled(session: TreatmentSession, plan: Plan) -> int:
    """The share of the planned time that was pulled [%], rounded down."""
    treated = float((session.summary or {}).get("treatment_s") or 0.0)
    return min(100, int(100.0 * treated / plan.total_time))


def _given(
    session: TreatmentSession,
    number: int,
    percent: int,
    turns: int,
    billed: BilledSession | None,
    first: datetime | None,
) -> Given:
    when = session.started or session.created
    counts = sessions_taken([(session.ending, percent)]) == 1
    return Given(session, number, day_at(session.patient.clinic, when), counts, turns + 1, billed, first=first)


def _standing(patient: Patient) -> dict[object, tuple[int, BilledSession | None, datetime]]:
    """Of each session how often it was billed, the row that stands unless it was taken back, and when it began."""
    rows = (
        BilledSession.objects.filter(invoice__patient=patient)
        .select_related("invoice")
        .prefetch_related("invoice__notes")
    )
    every = list(rows.order_by("turn"))
    last, first = {row.session_id: row for row in every}, {row.session_id: row.at for row in reversed(every)}
    return {pk: (row.turn, None if _taken_back(row) else row, first[pk]) for pk, row in last.items()}


def _taken_back(row: BilledSession) -> bool:
    """Whether credit notes took the whole line back; a line that asked for nothing cannot be."""
    notes = [one.note for one in row.invoice.notes.all()]
    if not notes:
        return False
    bill = row.invoice.bill
    return bool(bill.lines[row.line].net) and not left(bill, notes)[row.line]


def _with_packages(given: list[Given], packages: Sequence[PackageRow]) -> list[Given]:
    """Each package takes the sessions from its day on that count and stand on no invoice, as many as it holds.

    One that was billed before the package was sold stays out of it, also when its invoice is taken back: else what the
    package has taken would move on, and another session would be to bill.
    """
    taken: dict[object, PackageRow] = {}
    for package in packages:
        end = getattr(package, "end", None)
        room = package.package.sessions if end is None else end.refund.taken
        free = [one for one in given if one.session.pk not in taken and _may_be_in(package, one)]
        taken |= {one.session.pk: package for one in free[:room]}
    return [replace(one, package=taken.get(one.session.pk)) for one in given]


def _may_be_in(package: PackageRow, one: Given) -> bool:
    billed_before = one.first is not None and one.first <= package.at
    return one.to_bill and not billed_before and one.on >= package.counts_from


def open_package(patient: Patient) -> tuple[PackageRow, int] | None:
    """The package that has not ended, and the sessions taken out of it; None where there is none with sessions left."""
    given = sessions_given(patient)
    for package in packages_of(patient):
        if hasattr(package, "end"):
            continue
        taken = sum(one.package == package for one in given)
        if taken < package.package.sessions:
            return package, taken
    return None
