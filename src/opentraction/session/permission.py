"""Whether what permitted a session permits a pull now: asked by the table itself, before each one.

Only what brings force asks. A stop, a pause, an unbinding and a reduction never do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from opentraction.quantities.refusal import BadInput
from opentraction.quantities.vocabulary import ASK_ARM, ASK_RESUME, ASK_START
from opentraction.screening import Clearance
from opentraction.session.session import Binding

BRING_FORCE: Final = frozenset({ASK_ARM, ASK_START, ASK_RESUME})


class Permission:
    """What speaks against a pull under one binding: its clearance by now, and what was told since.

    The clearance is for the plan as it was bound; a change of prescription in mid-session makes no other patient.
    """

    def __init__(self, binding: Binding) -> None:
        self.letting_go = False
        """A pull under way has been asked to end because of what was told."""
        self._clearance = binding.clearance
        self._region, self._sha256 = binding.plan.region, binding.plan.sha256
        self._told: dict[str, str] = {}

    def tell(self, what: str, sentence: str) -> bool:
        """Nothing is pulled from now on, and `sentence` says why. False where this was told before."""
        if what in self._told:
            return False
        self._told[what] = sentence
        return True

    @property
    def ended(self) -> str:
        """What was told last; empty where nothing was."""
        return next(reversed(self._told), "")

    def why_not(self, ask: int, civil: Callable[[], datetime]) -> str:
        """Why this wish is refused, in a sentence or two; empty where nothing speaks against it."""
        if ask not in BRING_FORCE:
            return ""
        if self.ended:
            return self._told[self.ended]
        return self._outdated(civil())

    def _outdated(self, now: datetime) -> str:
        if self._clearance is None:  # a simulated patient whom nobody screened
            return ""
        try:
            Clearance.from_document(self._clearance).check(now, self._region, self._sha256)
        except BadInput as refusal:
            return f"What permitted this session does not count any more: {refusal} Unbind, then begin anew."
        return ""
