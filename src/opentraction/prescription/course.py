"""The course of sessions: how the high force grows from the first visit to the last."""

from __future__ import annotations

import math

from opentraction.prescription.recipe import Prescription
from opentraction.quantities import BadInput

LONGEST = 40  # sessions


def high_for_session(recipe: Prescription, mass: float, session: int) -> float:
    """High force [N] of session 1, 2, ... for a body of `mass` [kg]. Raises BadInput outside the course."""
    last = recipe.course.sessions if recipe.course is not None else LONGEST
    if not 1 <= session <= last:
        raise BadInput("session", session, f"a session of this course, from 1 to {last}")
    first = recipe.high.newtons(mass, 0.0)
    course = recipe.course
    if course is None or course.sessions == 1:
        return first
    way = (course.high_last.newtons(mass, first) - first) * (session - 1) / (course.sessions - 1)
    if course.step is None:
        return first + way
    return first + math.copysign(math.floor(abs(way) / course.step + 1e-9) * course.step, way)
