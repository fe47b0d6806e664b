"""A course as it was written, what was changed of it since, and when a clinician looked at it."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.urls import reverse

from opentraction.clinic.courses.models.terms import ENDED, Terms
from opentraction.clinic.models import Patient
from opentraction.clinic.models.clinical import ClinicalManager
from opentraction.clinic.outcomes.models.kept import KeptRow
from opentraction.patient.patient import REGIONS
from opentraction.prescription.progress import Review
from opentraction.prescription.progress.history import DECISIONS


class CourseRow(KeptRow):
    """One course of one patient; `document` holds its terms as written first. The newest of a patient counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    region = models.CharField(max_length=10, choices=[(one, one) for one in REGIONS])
    start = models.DateField()
    document = models.JSONField()

    clinic_path = "patient__clinic"
    objects = ClinicalManager["CourseRow"]()

    class Meta:
        verbose_name = "course"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.patient.pseudonym} {self.region} from {self.start}"

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.patient_id])

    @cached_property
    def terms(self) -> Terms:
        """As it stands now, every amendment in its order. Raises BadInput where a document was altered."""
        terms = Terms.from_document(self.document)
        for one in self.amendments.all():
            terms = terms.amended(one.changes)
        return terms

    @property
    def ended(self) -> bool:
        return self.terms.state == ENDED


class CourseAmendment(KeptRow):
    """What changed of a course, by whom and why."""

    course = models.ForeignKey(CourseRow, on_delete=models.PROTECT, related_name="amendments")
    changes = models.JSONField()
    why = models.CharField(max_length=300)

    clinic_path = "course__patient__clinic"
    patient_path = "course__patient"
    objects = ClinicalManager["CourseAmendment"]()

    class Meta:
        verbose_name = "amendment of a course"
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="amendment_says_why", condition=~models.Q(why=""))]

    def __str__(self) -> str:
        return str(self.course)


class CourseReview(KeptRow):
    """A clinician looked after session number `after`: examined, changed the plan, or began the taper."""

    course = models.ForeignKey(CourseRow, on_delete=models.PROTECT, related_name="reviews")
    day = models.DateField()
    after = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=[(one, one) for one in DECISIONS])
    why = models.CharField(max_length=1000)

    clinic_path = "course__patient__clinic"
    patient_path = "course__patient"
    objects = ClinicalManager["CourseReview"]()

    class Meta:
        verbose_name = "review of a course"
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="review_says_why", condition=~models.Q(why=""))]

    def __str__(self) -> str:
        return f"{self.course}, {self.decision}"

    @property
    def review(self) -> Review:
        """As the progress rules know it."""
        return Review(day=self.day, after=self.after, decision=self.decision, why=self.why)
