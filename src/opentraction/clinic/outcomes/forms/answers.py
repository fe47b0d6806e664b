"""One questionnaire as a form on a page: its questions in short pages, what was written, what it means.

What was not answered is left out: it is missing, never 0. On a list to tick, a page that was handed on answers every
sentence it showed: what is not ticked there is no.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from opentraction.care.outcomes import Instrument, Item
from opentraction.care.outcomes.score import PSYCHOSOCIAL, TOTAL
from opentraction.quantities import BadInput

TICKS_A_PAGE: Final = 8
BUTTONS: Final = 15
"""So many steps are shown as a row of buttons; more are written as a number."""
LONGEST_OWN: Final = 120


@dataclass(frozen=True, slots=True)
class Question:
    """One item as the page shows it. `steps` are its buttons, none for a number to write."""

    item: Item
    label: str
    steps: tuple[tuple[str, str], ...]
    written: str
    own: str = ""
    fixed: bool = False
    refusal: str = ""

    @property
    def ticked(self) -> bool:
        """Of a sentence to tick."""
        return self.written == "1"


@dataclass
class AnswerForm:
    """What was written on the pages so far, and what cannot be used."""

    about: Instrument
    answers: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    """The own activities named on earlier forms: their words stay."""
    refusals: dict[str, str] = field(default_factory=dict)
    plain: bool = False
    """Sentences to tick get three answers, yes, no and none: for a correction, where nothing may be taken as shown."""

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return -(-len(self.about.items) // TICKS_A_PAGE) if self.about.tick else 1

    def items(self, page: int) -> tuple[Item, ...]:
        """What is asked on a page, from 1."""
        if not self.about.tick:
            return self.about.items
        return self.about.items[(page - 1) * TICKS_A_PAGE : page * TICKS_A_PAGE]

    def questions(self, page: int) -> list[Question]:
        """The page's questions with what was written."""
        return [self._question(item) for item in self.items(page)]

    def _question(self, item: Item) -> Question:
        own = self.known.get(item.id, self.own.get(item.id, ""))
        label = item.text or item.id.replace("_", " ").capitalize().replace("Q", "Statement ")
        return Question(
            item, label, self._steps(item), self.answers.get(item.id, ""), own, item.id in self.known,
            self.refusals.get(item.id, ""),
        )  # fmt: skip

    def _steps(self, item: Item) -> tuple[tuple[str, str], ...]:
        if self.about.tick:
            return (("1", "yes"), ("0", "no")) if self.plain else ()
        return _steps(self.about, item)

    def take(self, post: Mapping[str, str], page: int) -> None:
        """What was posted from a page, over what was there before."""
        for key in (TOTAL, PSYCHOSOCIAL):
            self.answers.pop(key, None)
        for item in self.items(page):
            self._take(item, post)

    def take_total(self, post: Mapping[str, str]) -> None:
        """A total from paper, in place of the items."""
        written = {key: post.get(key, "").strip()[:40] for key in (TOTAL, PSYCHOSOCIAL)}
        self.answers = {key: text for key, text in written.items() if text}

    def take_all(self, post: Mapping[str, str]) -> None:
        """Every item at once, and the total where that is all there is."""
        for item in self.about.items:
            self._take(item, post)
        if post.get(TOTAL, "").strip():
            self.take_total(post)

    def elsewhere(self, page: int) -> list[str]:
        """Refusals that no question on this page shows."""
        shown = {item.id for item in (self.items(page) if page else self.about.items)}
        return [sentence for key, sentence in self.refusals.items() if key not in shown]

    def every_question(self) -> list[Question]:
        """All of them on one page."""
        return [self._question(item) for item in self.about.items]

    def _take(self, item: Item, post: Mapping[str, str]) -> None:
        written = post.get(item.id, "").strip()[:40]
        if self.about.tick and post.get("shown") == "yes":
            written = "1" if written else "0"
        _put(self.answers, item.id, written)
        if self.about.own and item.id not in self.known:
            _put(self.own, item.id, " ".join(post.get(f"own-{item.id}", "").split())[:LONGEST_OWN])

    def values(self) -> dict[str, Any]:
        """The answers as numbers; refuses what is none, and remembers it at its question."""
        found: dict[str, Any] = {}
        ranges = {item.id: (item.low, item.high) for item in self.about.items}
        ranges |= {TOTAL: (self.about.low, self.about.high), PSYCHOSOCIAL: (0, 5)}
        for key, written in self.answers.items():
            try:
                found[key] = number(written)
                if not ranges[key][0] <= found[key] <= ranges[key][1]:
                    raise ValueError
            except (ValueError, KeyError):
                low, high = ranges.get(key, (0, 0))
                said = _("“{written}” cannot be used. Write a number from {low} to {high}, or nothing.")
                self.refusals[key] = said.format(written=written, low=f"{low:g}", high=f"{high:g}")
        self._named()
        return found

    def _named(self) -> None:
        """An own activity that is rated has a name."""
        for key in self.answers if self.about.own else ():
            if not self.words().get(key):
                self.refusals[key] = _("Name the activity first, then rate it.")

    def words(self) -> dict[str, str]:
        """The own activities, those known from earlier ones too."""
        return {key: text for key, text in {**self.own, **self.known}.items() if text}

    def refuse(self, refusal: BadInput) -> None:
        """A refusal of the domain, at its question where it names one."""
        key = refusal.where.rsplit(".", 1)[-1]
        self.refusals[key] = str(refusal)


def number(written: str) -> float | int:
    """`7`, `7.5` or `7,5`. Raises ValueError."""
    value = float(written.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    if not math.isfinite(value) or abs(value) > 1e6:
        raise ValueError(written)
    return int(value) if value == int(value) else value


def _put(into: dict[str, str], key: str, written: str) -> None:
    if written:
        into[key] = written
    else:
        into.pop(key, None)


def _steps(about: Instrument, item: Item) -> tuple[tuple[str, str], ...]:
    """The buttons of an item, with their words where it has any."""
    count = int(item.high - item.low) + 1
    if not item.whole or count > BUTTONS:
        return ()
    bands = {int(to): words for to, words in about.bands} if about.anchor else {}
    return tuple((str(int(item.low) + i), bands.get(int(item.low) + i, "")) for i in range(count))
