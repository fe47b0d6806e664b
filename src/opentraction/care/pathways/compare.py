"""The roads beside each other for one person: those that bear on them first. It compares; it never chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from opentraction.care.pathways.facts import Facts
from opentraction.care.pathways.pathway import ROWS, Pathway, Reason, note, pathways
from opentraction.care.pathways.urgency import URGENT, Rule, Urgency, surgical_urgency

# How a road stands to a person, in the order the cards are laid out.
STANDINGS: Final = {
    "first": "Before anything else",
    "ask first": "Not every danger sign is known yet",
    "may fit": "May fit you",
    "open": "Some answers are missing",
    "general": "Nothing known speaks for or against it",
    "not now": "Not for you now",
    "after": "Only after the urgent question is settled",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One road as it stands to one person; `because` are the reasons, `ask` what is missing to say more."""

    pathway: Pathway
    standing: str
    because: tuple[str, ...]
    ask: tuple[str, ...]

    @property
    def standing_words(self) -> str:
        """The standing in words."""
        return STANDINGS[self.standing]

    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Head and contents of every row, in order."""
        return tuple((head, self.pathway.row(name)) for name, head in ROWS.items())


@dataclass(frozen=True, slots=True)
class Table:
    """A comparison laid out for a page: `names` and `standings` a column each, `rows` (head, cell a column)."""

    names: tuple[str, ...]
    standings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    note: str


def compare(facts: Facts | Mapping[str, Any], also: Sequence[Rule] = ()) -> tuple[Card, ...]:
    """Every road as a card, the ones that bear on this person first; of equals the least invasive.

    `also` are reasons for urgency that were told elsewhere (`urgency.told`). Raises BadInput.
    """
    known = facts if isinstance(facts, Facts) else Facts.of(facts)
    urgency = surgical_urgency(known, also)
    cards = [_card(one, known.mapping(), urgency) for one in pathways()]
    order = list(STANDINGS)
    return tuple(sorted(cards, key=lambda card: order.index(card.standing)))


def side_by_side(cards: Sequence[Card]) -> Table:
    """Some cards as a table."""
    return Table(
        names=tuple(card.pathway.name for card in cards),
        standings=tuple(card.standing_words for card in cards),
        rows=tuple((head, tuple(card.pathway.row(name) for card in cards)) for name, head in ROWS.items()),
        note=note(),
    )


def _card(road: Pathway, known: Mapping[str, Any], urgency: Urgency) -> Card:
    against = _holding(road.against, known)
    fits = _holding(road.fits, known)
    ask = _missing((*road.against, *road.fits), known)
    if urgency.urgent:
        return _beside_urgency(road, urgency, fits)
    if against:
        return Card(road, "not now", against, ())
    if road.kind == "emergency":
        return _emergency(road, urgency)
    if fits and not _missing(road.against, known):
        return Card(road, "may fit", fits, ())
    if ask:
        return Card(road, "open", fits, ask)
    return Card(road, "general", (), ())


def _beside_urgency(road: Pathway, urgency: Urgency, fits: tuple[str, ...]) -> Card:
    """While something is urgent only the emergency stands first; whether it is operated on, the hospital decides."""
    reasons = tuple(one.because for one in urgency.reasons if one.level in URGENT)
    if road.kind == "emergency":
        return Card(road, "first", (urgency.words, *reasons), urgency.ask)
    return Card(road, "after", reasons, ())


def _emergency(road: Pathway, urgency: Urgency) -> Card:
    """Nothing urgent is known: the last of the roads, unless a danger sign has not been asked about."""
    if urgency.danger:
        return Card(road, "ask first", (), urgency.danger)
    return Card(road, "not now", ("No danger sign was found",), ())


def _holding(reasons: Sequence[Reason], known: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(one.because for one in reasons if one.condition.judge(known))


def _missing(reasons: Sequence[Reason], known: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(question for one in reasons for question in one.condition.missing(known)))
