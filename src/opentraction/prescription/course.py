"""The course of sessions: how the high force grows from the first visit to the last."""

from __future__ import annotations

import math

from opentraction.prescription.recipe import Prescription
from opentraction.quantities import BadInput


def high_for_session(recipe: Prescription, mass: float, session: int) -> float:
    """High force [N] of session 1, 2, ... for a body of `mass` [kg]. Raises BadInput outside the course."""
    course, first = recipe.course, recipe.high.newtons(mass, 0.0)
    if course is None:
        if session != 1:
            raise BadInput("session", session, "1, for this prescription has no [course]")
        return first
    if not 1 <= session <= course.sessions:
        raise BadInput("session", session, f"a session of this course, from 1 to {course.sessions}")
    if course.sessions == 1:
        return first
    way = (course.high_last.newtons(mass, first) - first) * (session - 1) / (course.sessions - 1)
    if course.step is None:
        return first + way
    return first + math.copysign(math.floor(abs(way) / course.step + 1e-9) * course.step, way)
