"""Checking cover, and what papers need to know of the patient."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from opentraction.care.money import Cover, cover_for, payers
from opentraction.clinic import roles
from opentraction.clinic.actions.audit import record
from opentraction.clinic.billing.models import BillTo, CoverCheck, bill_to
from opentraction.clinic.days import day_at
from opentraction.clinic.models import Patient
from opentraction.quantities import BadInput
from opentraction.quantities.canonical import sha256 as sha256_of

_ICD10: Final = re.compile(r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$", re.ASCII)
MOST_DIAGNOSES: Final = 12


@transaction.atomic
def check_cover(patient: Patient, payer: str, facts: dict[str, Any], *, by: User, now: datetime) -> CoverCheck:
    """Hold a payer's policy against facts and keep what it says; those of the record only if `by` may read it."""
    roles.require(by, roles.BILL, of=patient)
    if not roles.may(by, roles.LOOK):
        facts = {name: value for name, value in facts.items() if name == "service"}
    known = {name: value for name, value in facts.items() if value is not None}
    cover = cover_for(payer, known, day_at(patient.clinic, now))
    text = _written(cover)
    row = CoverCheck(patient=patient, payer=payer, status=cover.status, facts=known, result=text, at=now, by=by)
    row.sha256 = sha256_of(text)
    row.read_on = min(filter(None, (cover.policy_date, cover.read_on)), default=None)
    row.save()
    record("check cover", row, by=by, payer=payer, status=cover.status)
    return row


def _written(cover: Cover) -> str:
    return json.dumps(asdict(cover), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


@transaction.atomic
def keep_bill_to(patient: Patient, address: str, payer: str, member: str, *, by: User, now: datetime) -> BillTo:
    """Where papers go and who else may pay. Raises BadInput for a payer that nobody has read about."""
    roles.require(by, roles.BILL, of=patient)
    if payer and payer not in payers():
        raise BadInput("payer", payer, "one of " + ", ".join(payers()) + "; or none")
    row = BillTo(patient=patient, address=address, payer=payer, member=member, at=now, by=by)
    row.diagnoses = bill_to(patient).diagnoses
    return _kept(row, by, "keep bill address")


@transaction.atomic
def keep_diagnoses(patient: Patient, codes: list[str], *, by: User, now: datetime) -> BillTo:
    """The diagnoses for superbill and estimate. Raises BadInput for what has not the form of an ICD-10-CM code."""
    roles.require(by, roles.SIGN, of=patient)
    for code in codes:
        if not _ICD10.match(code):
            raise BadInput("diagnosis", code, "a code of ICD-10-CM, such as M54.16")
    if len(codes) > MOST_DIAGNOSES:
        raise BadInput("diagnosis", f"{len(codes)} codes", f"at most {MOST_DIAGNOSES}")
    was = bill_to(patient)
    row = BillTo(patient=patient, address=was.address, payer=was.payer, member=was.member, at=now, by=by)
    row.diagnoses = list(dict.fromkeys(codes))
    return _kept(row, by, "keep diagnoses for bills")


def _kept(row: BillTo, by: User, act: str) -> BillTo:
    row.save()
    record(act, row, by=by, payer=row.payer)
    return row
