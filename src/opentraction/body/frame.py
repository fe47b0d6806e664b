"""A cord from the cable to the table's own frame, as the model takes it: stiff, silent, and nobody in between."""

from __future__ import annotations

from opentraction.body.person import BehaviourParameters, Person, ThoraxParameters, typical_person
from opentraction.body.spine import Levels

CORD = 15_000.0
"""Stiffness of some metre of polyester cord of 8 mm, knots drawn tight [N/m]; project."""
FRAME = 400_000.0
"""[N/m]; project."""
_NO_CREEP = Levels(0.0, 0.0, 0.0, 0.0, 0.0)


def frame() -> Person:
    """What takes a patient's place in a stop trial."""
    person = typical_person(75.0)
    cord = person.body.harness._replace(k1=CORD, k2=0.0, maxwell=0.0, slip_rate=0.0, slip_most=0.0)
    post = person.body.spine._replace(k1=FRAME, k2=0.0, compression=FRAME, fast=_NO_CREEP, slow=_NO_CREEP)
    thorax = ThoraxParameters(FRAME, 0.0, person.body.thorax.damping)
    body = person.body._replace(harness=cord, spine=post, thorax=thorax)
    return Person(75.0, body, BehaviourParameters(0.0, person.behaviour.breathing_rate, 0.0, 1.0), CORD)
