"""What people asked of the table and wait to hear about: one wish a tick goes to control, a stop before all others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from opentraction.quantities.vocabulary import ASK_BIND, ASK_NOTHING, ASK_REDUCE, ASK_STOP
from opentraction.session.tick import TickState

Answer = Callable[[bool, str], None]
"""Told once whether control did it, and why not."""


@dataclass(eq=False)
class _Wish:
    ask: int
    value: float
    answer: Answer
    given: bool = False


class Wishes:
    """The wishes that wait, in order."""

    def __init__(self) -> None:
        self._waiting: deque[_Wish] = deque()

    def add(self, ask: int, value: float, answer: Answer) -> None:
        """Let a wish wait its turn; a stop overtakes all but the binding, and what it overtook is refused."""
        overtaken = [wish for wish in self._waiting if ask == ASK_STOP and wish.ask != ASK_BIND]
        for wish in overtaken:
            self._waiting.remove(wish)
        self._waiting.append(_Wish(ask, value, answer))
        for wish in overtaken:
            wish.answer(wish.ask == ASK_STOP, "" if wish.ask == ASK_STOP else "A stop came first.")

    def clear(self) -> None:
        """Forget them all, unanswered."""
        self._waiting.clear()

    def next(self) -> tuple[int, float]:
        """The wish and its value for this tick, or none while control still weighs one."""
        if not self._waiting or self._waiting[0].given:
            return ASK_NOTHING, 0.0
        self._waiting[0].given = True
        return self._waiting[0].ask, self._waiting[0].value

    def settle(self, state: TickState, why_not: Callable[[], str]) -> int:
        """Answer the wish that control has weighed; the wish if it was granted, else none."""
        if not self._waiting or not self._waiting[0].given or state.ask != ASK_NOTHING:
            return ASK_NOTHING
        wish = self._waiting.popleft()
        if state.refused != ASK_NOTHING and wish.ask not in {ASK_REDUCE, ASK_STOP}:
            wish.answer(False, why_not())
            return ASK_NOTHING
        wish.answer(True, "")
        return wish.ask
