"""Write docs/researcher/course.md and its picture from course.json; with --play, play examples/week.toml anew first."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from opentraction.app.profiles import profile_of
from opentraction.body.column.anatomy import DISCS
from opentraction.body.column.file import read_scenario
from opentraction.body.column.play import Seen, middle, play_many
from opentraction.body.column.scenario import LYING, Scenario, Stage
from opentraction.drawing import Axis, Band, Marker, Series, chart
from opentraction.drawing.sheet import Row, sheet
from opentraction.quantities import Streams

FloatArray = npt.NDArray[np.float64]
ROOT: Final = Path(__file__).parents[1]
SCENARIO: Final = ROOT / "examples" / "week.toml"
PAGE: Final = ROOT / "docs" / "researcher" / "course.md"
PLAYED: Final = ROOT / "docs" / "researcher" / "course.json"
PICTURE: Final = ROOT / "docs" / "pictures" / "course-week.svg"
BODIES, WEEKS = 100, 4
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
DISC: Final = DISCS.index("L4-L5")
AT: Final = (10.0, 60.0, 300.0, 600.0, *np.arange(20 * MINUTE, 20 * HOUR, 20 * MINUTE))
"""When a stage is looked at after its start [s], and at its end."""
READ: Final = {"stature": 1e3, "height": 1e3, "pressure": 1e-3, "fluid": 1e6}
"""What is kept: stature and height of the disc [mm], pressure of its nucleus [kPa], its water [ml]."""
ARMS: Final = ("pulled", "lying", "up")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORDS: Final = """# A week with three sessions

Written from `course.json` by `scripts/course_page.py --play`, which plays
[`examples/week.toml`](../../examples/week.toml) with {bodies} bodies drawn from the spread of the parameters; each of
them also lives the week lying for as long without a pull, and staying up. All of it is modelled, nothing measured.

**Ten minutes after half an hour on the table she is {lain} mm taller from having lain there, and {pulled} mm more
from having been pulled. An hour after it the pull's share is {hour} mm, at bedtime {bed} mm, next morning {morning} mm.
A night gives {night} mm.** Medians; bands below.

![A week of stature and pressure, one day of it, and what the pull adds](../pictures/course-week.svg)

A woman of 45, 75 kg and 1.76 m, with a worn disc at L4-L5 (Pfirrmann 4) and a less worn one below it. Up from seven to
eleven at night, standing four hours, sitting eight, standing four; nights on the back. On Monday, Wednesday and Friday
at three she lies on her back on a split couch for 30 minutes, pulled with 45 % of her weight without a rest. Lines
are medians, shaded is where 90 % of the bodies lie, a dot marks a session. Stature steps up when she sits down, and
down when she stands up: sitting flattens the lumbar curve, and stature here is a straight distance. The worn disc has
next to no pressure when she lies down, and gains some as it drinks.

## What is left of it

After Monday's session: what the pull adds to lying as long, and what that lying adds to staying up; median (90 % band).
The night: ten minutes after getting up, against the evening.

{table}

While it lasts, the pull makes her {during} mm longer than lying does, and L4-L5 {opened} mm higher: more than the 0.5
to 1.5 mm a level that X-ray and CT saw under a pull (from memory). {share} % of her gain is gone ten minutes after she
got up, as discs and curve spring back. It drew {drunk} ml of water into L4-L5 beyond what lying drew, where a night
draws {drawn}; being up presses it out again. Measured on people, what a pull leaves beyond lying was gone within about
an hour (Rodacki 2007); the model [comes to the same within a millimetre](validation.md).

## Does it add up?

Not in this model. Just before each of the twelve sessions of four such weeks, the typical body is at most {most} mm
taller than one that only lay: each night and each day bring both to the same balance. The model knows no healing,
growth or habit, so it cannot say that a course of sessions does nothing; it says that the height and water of single
ones do not pile up. Whether discs are taller after weeks is disputed: 7.5 mm before and 8.8 after in 30 people with
nobody to compare with (Apfel 2010), no change in two groups of 30 (Park 2008).

## Play it

```sh
opentraction simulate examples/week.toml --samples 20 --at 10min,1h,4h
```

Each stage of the file is a posture for a time ([how](simulate.md)); without `traction`, she only lies there. What
lying and the pull add is told against the same file without `traction`, and against `standing` instead;
`scripts/course_page.py --play` plays all three.

## What this cannot tell

Whether any of it helps: height and water are not pain. The band is that of the parameters; what the model leaves out
is not in it ([what misses](validation.md)). Days are plainer than anybody's: no walking, lifting or turning over in
bed.
"""
FIRST, AFTER = (0.0, 28.0 * HOUR), (8.0 * HOUR - 20.0 * MINUTE, 13.0 * HOUR)
"""What is drawn of the first day, and of the session and after it [s]."""
Bodies = dict[str, FloatArray]
"""By what is read: [body, time]."""


class Span(NamedTuple):
    """A stage in its time [s]."""

    begin: float
    end: float
    stage: Stage

    @property
    def night(self) -> bool:
        return self.stage.posture in LYING and self.stage.traction is None


def scenario() -> Scenario:
    """What is played."""
    return read_scenario(SCENARIO, profile_of(SCENARIO, []))


def spans(of: Scenario) -> list[Span]:
    ends = list(accumulate(stage.duration for stage in of.stages))
    return [Span(end - stage.duration, end, stage) for end, stage in zip(ends, of.stages, strict=True)]


def sessions(of: Scenario) -> list[Span]:
    return [one for one in spans(of) if one.stage.traction is not None]


def arm(of: Scenario, name: str) -> Scenario:
    """The same days with the pulls, with lying as long without one, or with none of it: staying as one was before."""
    stages: list[Stage] = []
    for stage in of.stages:
        changed = stage
        if stage.traction is not None and name != "pulled":
            posture = stages[-1].posture if name == "up" else stage.posture
            changed = replace(stage, traction=None, posture=posture)
        stages.append(changed)
    return replace(of, stages=tuple(stages))


def times(of: Scenario) -> FloatArray:
    """[s] since the scenario began."""
    return np.concatenate(
        [[*(one.begin + t for t in AT if t < one.stage.duration - 1.0), one.end] for one in spans(of)]
    )


def read(seen: Sequence[Seen]) -> Bodies:
    """What is kept of bodies."""
    columns = {name: [getattr(one, name) for one in seen] for name in READ}
    return {
        name: READ[name] * np.array([one if one.ndim == 1 else one[:, DISC] for one in columns[name]]) for name in READ
    }


def play() -> None:
    """Each body lives the week three times; what is told of two arms is the difference within each body."""
    of = scenario()
    t = times(of)
    day = t <= FIRST[1]
    arms = {name: read(play_many(arm(of, name), t, BODIES, Streams(0), _heard)) for name in ARMS}
    kept: dict[str, Any] = {
        "bodies": BODIES,
        "t": t.round(1).tolist(),
        "week": {what: _bands(arms["pulled"][what]) for what in ("stature", "pressure")},
        "day": {name: _rounded(np.median(one["stature"][:, day], axis=0)) for name, one in arms.items()},
        "pull": {what: _bands((arms["pulled"][what] - arms["lying"][what])[:, day]) for what in READ},
        "lying": {what: _bands((arms["lying"][what] - arms["up"][what])[:, day]) for what in READ},
        "night": night(of, t, arms["up"]),
        "weeks": weeks(of),
    }
    PLAYED.write_text(json.dumps(kept) + "\n", "utf-8")


def night(of: Scenario, t: FloatArray, one: Bodies) -> dict[str, list[float]]:
    """What the first night gives: ten minutes after getting up, against the evening before."""
    first = next(span for span in spans(of) if span.night)
    evening, morning = _at(t, first.begin), _at(t, first.end + 10.0 * MINUTE)
    return {what: _band(one[what][:, morning] - one[what][:, evening]) for what in READ}


def weeks(of: Scenario) -> dict[str, list[float]]:
    """What the pulls so far have left in the typical body just before each session of some weeks of such weeks."""
    long = replace(of, stages=of.stages * WEEKS)
    before = np.array([one.begin for one in sessions(long)])
    pulled, lying = (read([middle(arm(long, name), before)]) for name in ("pulled", "lying"))
    return {what: _rounded((pulled[what] - lying[what])[0]) for what in READ}


def _at(t: FloatArray, when: float) -> int:
    """Where a time [s] stands. Raises ValueError where it was not looked at."""
    found = np.flatnonzero(np.abs(t - when) < 1.0)
    if found.size != 1:
        raise ValueError(f"{when:g} s was not looked at")
    return int(found[0])


def _bands(of: FloatArray) -> list[list[float]]:
    return [_rounded(one) for one in np.percentile(of, [5, 50, 95], axis=0)]


def _band(of: FloatArray) -> list[float]:
    return _rounded(np.percentile(of, [5, 50, 95]))


def _rounded(of: FloatArray) -> list[float]:
    return [float(f"{one:.4g}") + 0.0 for one in of.tolist()]


def _heard(done: int, of: int) -> None:
    if done % 20 == 0:
        print(f"{done} of {of}", file=sys.stderr)


LATER: Final = {
    "end of the session": 0.0,
    "10 min after getting up": 10.0 * MINUTE,
    "1 h": HOUR,
    "3.5 h": 3.5 * HOUR,
    "bedtime, 7.5 h": 7.5 * HOUR,
    "next morning, before getting up": 15.5 * HOUR,
}
"""When what is left is told, after the first session [s]."""


def page() -> str:
    """The page."""
    kept = json.loads(PLAYED.read_text("utf-8"))
    left = {name: _left(kept, later) for name, later in LATER.items()}
    pulled, lain = ([one[who]["stature"][1] for one in left.values()] for who in ("pull", "lying"))
    return WORDS.format(
        bodies=kept["bodies"],
        lain=f"{lain[1]:.1f}",
        pulled=f"{pulled[1]:.1f}",
        hour=f"{pulled[2]:.1f}",
        bed=f"{pulled[4]:.2f}",
        morning=f"{pulled[5]:.2f}",
        night=f"{kept['night']['stature'][1]:.1f}",
        share=f"{100.0 * (1.0 - pulled[1] / pulled[0]):.0f}",
        drunk=f"{left['end of the session']['pull']['fluid'][1]:.2f}",
        during=f"{pulled[0]:.0f}",
        opened=f"{left['end of the session']['pull']['height'][1]:.1f}",
        drawn=f"{kept['night']['fluid'][1]:.1f}",
        most=f"{max(kept['weeks']['stature']):.3f}",
        table=_table(left, kept["night"]),
    )


def _left(kept: dict[str, Any], later: float) -> dict[str, dict[str, list[float]]]:
    """What a pull and what lying have left some time [s] after the first session: 5th, 50th and 95th percentile."""
    at = _at(np.array(kept["t"]), sessions(scenario())[0].end + later)
    return {who: {what: [one[at] for one in kept[who][what]] for what in READ} for who in ("pull", "lying")}


def _table(left: dict[str, Any], night_: dict[str, list[float]]) -> str:
    seen = (("stature", "stature [mm]", 2), ("height", "height of L4-L5 [mm]", 2), ("fluid", "its water [ml]", 2))
    heads = [f"{said}, {who}" for _, said, _ in seen for who in ("by the pull", "by lying")]
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (1 + len(heads)) + "|"]
    for name, one in left.items():
        cells = [_said(one[who][what], digits) for what, _, digits in seen for who in ("pull", "lying")]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    cells = [cell for what, _, digits in seen for cell in ("", _said(night_[what], digits))]
    return "\n".join([*lines, "| a night | " + " | ".join(cells) + " |"])


def _said(of: Sequence[float], digits: int) -> str:
    low, median, high = (f"{one + 0.0:.{digits}f}" for one in of)
    return f"{median} ({low} to {high})".replace("-0.00", "0.00")


def picture() -> str:
    """The week, then its first day with and without the pull, then the hours after it."""
    kept, of = json.loads(PLAYED.read_text("utf-8")), scenario()
    rows = {
        "A week: stature, against Monday morning": _week(kept, of, "stature", Axis("stature", "mm")),
        "The same week: pressure in L4-L5": _week(kept, of, "pressure", Axis("pressure in the nucleus", "kPa")),
        "Monday, with a pull, lying as long without one, and staying up": _day(kept, of),
        "Monday afternoon: what the pull adds to lying, and lying to staying up": _added(kept, of),
    }
    said = "Stature and disc pressure over seven days; one day with a pull, lying and up; what the pull adds to lying."
    title = "A week with three sessions, modelled"
    return sheet([Row(heading, drawn, HIGH) for heading, drawn in rows.items()], title, said) + "\n"


WIDE, HIGH, MARGINS = 960, 236, (56.0, 112.0)


def _drawn(series: Sequence[Series], bands: Sequence[Band], of: Scenario, y: Axis, span: tuple[float, float]) -> str:
    """One picture of the sheet."""
    x = Axis("", clock=True, low=span[0], high=span[1])
    markers = [Marker(one.begin, "pull") for one in sessions(of) if one.begin < span[1]]
    inside = [Band(max(one.x0, span[0]), min(one.x1, span[1]), one.label, one.strong) for one in bands]
    kept = [one for one in inside if one.x1 > one.x0]
    return chart(series, kept, x, y, (WIDE, HIGH), markers=markers, margins=MARGINS)


def _days(of: Scenario) -> list[Band]:
    """Days by their names, nights dark."""
    nights = [one for one in spans(of) if one.night]
    mornings = [0.0, *(one.end for one in nights)]
    days = [Band(a, b.begin, name) for a, b, name in zip(mornings, nights, DAYS, strict=False)]
    return [*days, *(Band(one.begin, one.end, "night", strong=True) for one in nights)]


def _postures(of: Scenario) -> list[Band]:
    """What she does."""
    return [
        Band(one.begin, one.end, _doing(one), strong=one.night or one.stage.traction is not None) for one in spans(of)
    ]


def _doing(one: Span) -> str:
    if one.stage.traction is not None:
        return "pulled"
    return "night" if one.night else one.stage.posture


def _banded(t: Sequence[float], of: list[list[float]], name: str) -> list[Series]:
    low, median, high = of
    return [Series(t, low, "90 % band", "spine-band", high), Series(t, median, name, "spine")]


def _week(kept: dict[str, Any], of: Scenario, what: str, y: Axis) -> str:
    return _drawn(_banded(kept["t"], kept["week"][what], "median"), _days(of), of, y, (0.0, 7.0 * DAY))


def _day(kept: dict[str, Any], of: Scenario) -> str:
    """Medians of all three."""
    t, end, ways = kept["t"], sessions(of)[0].end, kept["day"]
    series = [
        Series(t[: len(ways["up"])], ways["up"], "staying up", "limit", named_at=end),
        Series(t[: len(ways["lying"])], ways["lying"], "lying alone", "plain", named_at=end),
        Series(t[: len(ways["pulled"])], ways["pulled"], "with a pull", "spine", named_at=end),
    ]
    return _drawn(series, _postures(of), of, Axis("stature", "mm"), FIRST)


def _added(kept: dict[str, Any], of: Scenario) -> str:
    lain, end = kept["lying"]["stature"][1], sessions(of)[0].end
    t = kept["t"][: len(lain)]
    low, median, high = kept["pull"]["stature"]
    series = [
        Series(t, lain, "by lying", "plain", named_at=end),
        Series(t, low, "", "spine-band", high),
        Series(t, median, "by the pull", "spine", named_at=end),
    ]
    return _drawn(series, _postures(of), of, Axis("stature gained", "mm"), AFTER)


if __name__ == "__main__":
    if "--play" in sys.argv[1:]:
        play()
    PAGE.write_text(page(), "utf-8")
    PICTURE.write_text(picture(), "utf-8")
