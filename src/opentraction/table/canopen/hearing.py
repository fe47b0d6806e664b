"""What one end of the bus has heard last, and how old it is: what was said twice, late or in another order is no news.

Each word carries the number of its cycle. The drive counts cycles by its own clock, so its count against the clock here
tells how old a word was when it came: of a bus that stood still for five seconds and then passes on what waited, the
first word is five seconds old. An ear that cannot tell (the drive began anew) may learn it again only where nobody is
treated; until then it is deaf, and deaf is safe.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from opentraction.table.canopen import words as w

CYCLE: Final = 0.005
"""[s] from one SYNC to the next."""
GOOD_FOR: Final = 0.050
"""[s] that the last word of a sensor is good for; what comes older than that is refused."""
FORGOTTEN: Final = 0.5
"""[s] without a good word of the drive, after which its count may be learnt anew."""
DRIFT: Final = 0.01
"""By how much two clocks may run apart; crystals do it by a hundredth of that."""
EARLY: Final = 2
"""Cycles that a word may lie ahead of the drive's newest: frames of one cycle come in any order."""
BEAT_EVERY: Final = 0.025
"""[s] from heartbeat to heartbeat (1017h)."""
BEAT_LASTS: Final = 0.200
"""[s] without one, after which a node is no longer believed (1016h); eight lost in a row."""
OPERATIONAL: Final = 0x05
PRE_OPERATIONAL: Final = 0x7F
READERS: Final[dict[int, Callable[[bytes], Any]]] = {
    w.MOVED: w.read_moved,
    w.TURNED: w.read_turned,
    w.FELT_A: w.read_felt,
    w.FELT_B: w.read_felt,
    w.SWITCHED: w.read_switched,
    w.PERMITTED: w.read_permitted,
    w.TOLD[0]: w.read_told_phase,
    w.TOLD[1]: w.read_told_force,
    w.TOLD[2]: w.read_told_force,
    w.TOLD[3]: w.read_told_plan,
}


class Newest(NamedTuple):
    """A word, and when it was said by the clock of whoever hears it [s]."""

    word: Any
    at: float


class Ear:
    """The newest word of each kind."""

    def __init__(self) -> None:
        self.words: dict[int, Newest] = {}
        self.refused = 0
        """Words that were said twice, came too late, or were none."""
        self.trusting = True
        """Nobody is treated: the drive's count may be learnt anew."""
        self.cycle = 0
        """The drive's newest."""
        self._lead = -math.inf
        self._led_at = 0.0
        self._at = -math.inf
        self._whole = 0

    def hear(self, cob: int, data: bytes, now: float) -> bool:
        """Take a frame; whether it was news."""
        read = READERS.get(cob)
        if read is None:
            return False
        word = read(data)
        if word is None or not (self._count(word, now) if cob == w.MOVED else self._in_order(cob, word)):
            self.refused += 1
            return False
        age = self._age(word.cycle, now)
        if age > GOOD_FOR:
            self.refused += 1
            return False
        self.words[cob] = Newest(word, now - age)
        return True

    def age(self, cob: int, now: float) -> float:
        """Since the last word of this kind was said [s]; infinite where none was."""
        newest = self.words.get(cob)
        return math.inf if newest is None else max(now - newest.at, 0.0)

    def fresh(self, cob: int, now: float, lasts: float = GOOD_FOR) -> Any:
        """The last word of this kind, or None where there is none or it is too old."""
        newest = self.words.get(cob)
        return None if newest is None or now - newest.at > lasts else newest.word

    def complete(self, cobs: Iterable[int]) -> bool:
        """Whether all these words of the drive's newest cycle are there."""
        return all(cob in self.words and self.words[cob].word.cycle == self.cycle for cob in cobs)

    def _count(self, moved: w.Moved, now: float) -> bool:
        """The drive counts on; whether this is later than what it said before."""
        if now - self._at > FORGOTTEN and (self.trusting or self._at == -math.inf):
            self.words.clear()
            self._lead, self._whole, self.cycle = -math.inf, moved.cycle, moved.cycle - 1
        steps = w.ahead(moved.cycle, self.cycle)
        whole = self._whole + steps
        lead = whole * CYCLE - now
        if math.isfinite(self._lead):
            self._lead -= DRIFT * min(max(now - self._led_at, 0.0), 1.0)
        self._led_at = now
        fast = lead - self._lead > GOOD_FOR and not self.trusting  # nobody counts faster than time goes
        if steps <= 0 or self._lead - lead > GOOD_FOR or fast:
            return False
        self._lead = max(self._lead, lead)
        self._whole, self.cycle, self._at = whole, moved.cycle, now
        return True

    def _in_order(self, cob: int, word: Any) -> bool:
        before = self.words.get(cob)
        later = before is None or w.ahead(word.cycle, before.word.cycle) > 0
        return later and math.isfinite(self._lead) and w.ahead(word.cycle, self.cycle) <= EARLY

    def _age(self, cycle: int, now: float) -> float:
        """How long ago a cycle was [s], by the drive's count."""
        return max(self._lead - ((self._whole + w.ahead(cycle, self.cycle)) * CYCLE - now), 0.0)


class Beats:
    """Heartbeats of other nodes. The watch begins when it is made, not with the first beat (hazard H26)."""

    def __init__(self, nodes: Iterable[int], now: float) -> None:
        self._heard = dict.fromkeys(nodes, (now, OPERATIONAL))
        self._begun = dict.fromkeys(self._heard, False)

    def hear(self, cob: int, data: bytes, now: float) -> bool:
        """Take a frame; whether it was the beat of a watched node."""
        node = cob - w.HEARTBEAT
        if node not in self._heard or len(data) != 1:
            return False
        self._heard[node] = now, data[0]
        self._begun[node] = True
        return True

    def well(self, node: int, now: float) -> bool:
        """Operational, and heard of."""
        at, state = self._heard[node]
        return state == OPERATIONAL and now - at <= BEAT_LASTS

    def asleep(self) -> list[int]:
        """Nodes that wait to be started."""
        return [node for node, (_, state) in self._heard.items() if state in {0, PRE_OPERATIONAL}]

    def missing(self, now: float) -> list[int]:
        """Nodes never heard, or no longer, or not operational."""
        return [node for node in self._heard if not (self._begun[node] and self.well(node, now))]


class Emergencies:
    """The last emergency of each node (EMCY): 0 is none, or over."""

    def __init__(self) -> None:
        self.code: dict[int, int] = {}
        self.told: deque[tuple[int, int]] = deque(maxlen=100)
        """Node and code, the last hundred."""

    def hear(self, cob: int, data: bytes) -> bool:
        """Take a frame; whether it was an emergency."""
        node = cob - w.EMERGENCY
        if not w.DRIVE <= node <= w.SWITCHES or len(data) != 8:
            return False
        code = int.from_bytes(data[:2], "little")
        if self.code.get(node, 0) != code:
            self.told.append((node, code))
        self.code[node] = code
        return True
