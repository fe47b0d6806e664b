"""Write docs/clinician/alarms.md from the book of alarms and their sounds, so that page and table cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from opentraction.quantities.vocabulary import ALARMS
from opentraction.session.alarm_board import LONGEST_PAUSE, ORDER, SHOWN_AT_LEAST
from opentraction.session.alarm_book import Entry, alarm_book
from opentraction.session.alarm_bursts import Burst, as_written, bursts
from opentraction.session.alarm_schedule import REMIND_S

PAGE = Path(__file__).parents[1] / "docs" / "clinician" / "alarms.md"
HEAD = f"""# Alarms

What each alarm of the table says, what the table does by itself, and what you do. Written from
`src/opentraction/session/alarm_book.toml` and `alarm_bursts.toml` by `make docs`; `opentraction alarms` prints
the same. How alarms behave follows IEC 60601-1-8 **as we remember it**: the standard was not at hand, and
nobody has tested this against it.

## What you see and hear

| priority | on the screen | at the table |
|---|---|---|
| **high**: act now | red, flashing twice a second, three marks | {{high}} |
| **medium**: act soon | yellow, flashing every 1.6 s, two marks | {{medium}} |
| **low**: know it | cyan, steady, one mark | {{low}} |

The worst stands first, in letters that can be read from two metres (capitals of 32 px stand 6 mm high on a
tablet: 10 minutes of arc, and a good eye needs 5). Colour never says it alone: a sign with one, two or three
marks and the priority in words go with it. Who asked their system for less movement sees a striped edge instead
of flashing.

- **Acknowledge** (F8) silences what the page shows and no more: an alarm that came a moment later sounds on. It
  stays on the screen as long as it holds, and reminds with one soft pulse every {REMIND_S:.0f} s. It never
  touches the pull.
- **Pause sound** (F9) is silence for {LONGEST_PAUSE:.0f} s at most. Anything new, or the same come back, breaks
  it at once; **Sound on** ends it.
- Most alarms of high priority *stay*: when their condition is over they still flash and sound, until somebody
  has acknowledged them. The others leave with their condition, after {SHOWN_AT_LEAST:.0f} s at least.
- Several at once: the highest sounds; all stand on the screen, or behind a button that counts them.
- What nobody has acknowledged stands after a restart, a power loss and the next patient's binding too.

The sound comes from the machine that runs the table, not from the browser: a process of its own plays it, with
`pw-play`, `paplay` or `aplay`, whichever is there, else with the bell of the terminal. If the table's program
dies under a pull, that process sounds on for two minutes. The treatment page says **alarm sound: none at the
table** where nothing can play; then only the screen tells. `opentraction table --sound none`, or
`OPENTRACTION_SOUND=none`, switches it off; `opentraction alarms --out sounds` writes the sounds to listen to.

## The log

`DATA/table/alarms.jsonl` holds each alarm with its time, what was measured and what it was held against, who
acknowledged it or paused the sound, how long alarms wait, and whether the table's last end was a power loss.
Each line is chained to the one before and on the disk before it counts; a disk that is full or hangs never
holds up the pull, and raises “Not recording”. A log of 4 MB is kept beside a new one at the next start.
`opentraction alarms --log` prints it. A log that was altered is put aside, and the table is locked until a
clinician resets it.

"""
FOOT = """
*Comes after*: how long the condition must hold, and then at most how long until the first row that carries the
alarm; both are design values of the project's hazard analysis. A test brings about every condition at a
simulated table and times it. The sound follows within half a second, the screen within a tenth, where nothing
is slow; no such chain was timed on a real table.
"""


def sounds(burst: Burst) -> str:
    """A burst in words."""
    pulses = f"{burst.pulses} pulse{'s' * (burst.pulses > 1)}"
    return f"{pulses} in {burst.length_s:.1f} s, again {burst.every_s:g} s after their end"


def table(entries: Iterable[Entry]) -> str:
    """The alarms of one priority."""
    lines = ["| it says | what happened | the table | you | comes after | stays |", "|---|---|---|---|---|---|"]
    for one in entries:
        after = f"{one.condition_delay_s:g} s + {one.signal_s:g} s"
        after += f"; as built up to {one.late_s:g} s" if one.late_s else ""
        stays = "yes" if one.alarm.latching else "–"
        cells = (f"{one.alarm.text} ({one.alarm.id})", one.condition, one.reaction, f"**{one.act}**", after, stays)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def notes() -> str:
    """What is not so, or not shown."""
    lines = [
        f"- **{one.alarm.text}** ({one.alarm.id}): {note}"
        for one in alarm_book().values()
        for note in (one.unraised, one.unproved)
        if note
    ]
    return "\n## What is not so yet\n\n" + "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    heard = {name: sounds(burst) for name, burst in bursts().items()}
    parts = [HEAD.format(**heard)]
    for priority in ORDER:
        of_it = [alarm_book()[alarm.id] for alarm in ALARMS if alarm.priority == priority]
        parts.append(f"## {priority.capitalize()} priority\n\n{table(of_it)}\n")
    source = f"\nSounds: {as_written()['source']}.\n"
    return "".join([*parts, FOOT.lstrip("\n"), notes(), source])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
