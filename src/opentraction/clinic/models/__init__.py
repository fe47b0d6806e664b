"""What the clinic keeps: clinics and who works there, patients, prescriptions, sessions, and who did what."""

from __future__ import annotations

from opentraction.clinic.models.audit import AuditRow
from opentraction.clinic.models.audit_head import AuditHead
from opentraction.clinic.models.clinic import Clinic
from opentraction.clinic.models.comfort import ComfortScore
from opentraction.clinic.models.emergency import Emergency
from opentraction.clinic.models.membership import Membership, PatientAccount
from opentraction.clinic.models.patient import Patient
from opentraction.clinic.models.plan_change import PlanChange
from opentraction.clinic.models.preference import Preference
from opentraction.clinic.models.prescription import Prescription
from opentraction.clinic.models.recovery_code import RecoveryCode
from opentraction.clinic.models.seat import Seat
from opentraction.clinic.models.sign_in_count import SignInCount
from opentraction.clinic.models.signature import Signature
from opentraction.clinic.models.signed_plan import SignedPlan
from opentraction.clinic.models.treatment import TreatmentSession

__all__ = [
    "AuditHead",
    "AuditRow",
    "Clinic",
    "ComfortScore",
    "Emergency",
    "Membership",
    "Patient",
    "PatientAccount",
    "PlanChange",
    "Preference",
    "Prescription",
    "RecoveryCode",
    "Seat",
    "SignInCount",
    "Signature",
    "SignedPlan",
    "TreatmentSession",
]
