"""What 45 minutes on the table do to the finite-element disc and what feeds it: figures and pictures of the docs.

    python scripts/disc_fields.py

Writes docs/researcher/nutrients.json, the tables of nutrients.md and docs/pictures/disc-*.svg, in some minutes.
Nothing in it is random. `--tables` writes the tables anew from the figures that are there.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from opentraction.body.disc.disc import Disc
from opentraction.body.disc.fields import Inside, at_cells, border, inside
from opentraction.body.disc.living import CELLS, FEED, GLUCOSE, LACTATE, OXYGEN
from opentraction.body.disc.nutrients import Nutrients
from opentraction.body.disc.porous import Porous
from opentraction.body.disc.stepping import Accuracy, Point
from opentraction.body.disc.turnover import Moment
from opentraction.drawing import Axis, Band, Series, chart
from opentraction.drawing.section import Arrows, Panel, section

FloatArray = npt.NDArray[np.float64]
DOCS: Final = Path(__file__).parents[1] / "docs"
HOUR, MINUTE = 3600.0, 60.0
LYING, STANDING, PULL, EASED = -120.0, -600.0, 300.0, 100.0
SESSION: Final = 45.0 * MINUTE
ACCURACY: Final = Accuracy(relative=1e-3, smallest=0.5)
RISE: Final = 5.0
Stages = list[tuple[float, float]]
"""How long [s] and at which force [N]."""
ARMS: Final[dict[str, Stages]] = {
    "stays on the feet": [(SESSION, STANDING)],
    "lies down": [(SESSION, LYING)],
    "lies and is pulled": [(SESSION, LYING + PULL)],
    "lies and is pulled in cycles": [(60.0, LYING + PULL), (30.0, LYING + EASED)] * 30,
}
MOMENTS: Final = {"end": 0.0, "an hour later": HOUR, "six hours later": 6.0 * HOUR}
MICROMETRES_A_MINUTE: Final = 6e7


def played(disc: Disc, start: Point, force: float, stages: Stages) -> list[Point]:
    """Points from `start`, held by `force` [N] till then."""
    ends = start.t + np.cumsum([long for long, _ in stages])
    begins = np.r_[start.t, ends[:-1]]
    times = np.stack([begins, begins + RISE], axis=1).ravel()
    forces = np.r_[force, np.repeat([one for _, one in stages], 2)[:-1]]
    points = [start]
    march = disc.under(lambda t: float(np.interp(t, times, forces)), ACCURACY)
    march.run(start, float(ends[-1]), breaks=times, each=points.append)
    return points


def nearest(moments: list[Any], t: float) -> Any:
    """What is nearest to a time [s]."""
    return min(moments, key=lambda one: abs(one.t - t))


class Study:
    """A day to come into step, then eight hours on the feet, then the arms; water moves `ease` times as easily."""

    def __init__(self, arms: Sequence[str], ease: float = 1.0, tissues: str = "healthy") -> None:
        self.disc = Disc(tissues)
        tissue = self.disc.porous.tissue
        easier = replace(tissue.water, at_rest=ease * np.asarray(tissue.water.at_rest))
        self.disc.porous = Porous(self.disc.shapes, replace(tissue, water=easier))
        march = self.disc.under(lambda _t: LYING, ACCURACY)
        lain = march.run(march.start(mu=self.disc.porous.thirst()), 48.0 * HOUR)
        self.day = played(self.disc, lain, LYING, [(16.0 * HOUR, STANDING), (8.0 * HOUR, LYING)])
        self.morning = played(self.disc, self.day[-1], LYING, [(8.0 * HOUR, STANDING)])
        self.noon = self.morning[-1]
        self.arms = {
            name: played(self.disc, self.noon, STANDING, [*stages, (6.0 * HOUR, STANDING)])
            for name, stages in ARMS.items()
            if name in arms
        }

    def fed(self, **how: Any) -> tuple[Nutrients, dict[str, list[Moment]]]:
        """Moments of the morning and of the arms for a way of feeding."""
        feed = Nutrients(self.disc, **how)
        before = feed.along([*self.day, *self.morning[1:]], start=feed.steady(self.day[0]))
        arms = {name: feed.along(points, start=before[-1]) for name, points in self.arms.items()}
        return feed, {"morning": before, **arms}


def figures(study: Study) -> dict[str, Any]:
    """Everything that the page says, rounded."""
    out: dict[str, Any] = {"endplates": {}, "openings": openings(study), "water": water(study), "flow": flows(study)}
    for share in (1.0, 0.3):
        feed, moments = study.fed(endplate=share)
        out["endplates"][f"{share:g}"] = arms_of(study, feed, moments)
    feed, moments = study.fed(carried=False)
    out["without flow"] = arms_of(study, feed, moments)
    slow = Study(("lies down", "lies and is pulled"), ease=0.2)
    out["slow water"] = {**arms_of(slow, *slow.fed()), "water": water(slow)}
    worn = Study(("lies down", "lies and is pulled"), tissues="degenerate")
    out["degenerate"] = {**arms_of(worn, *worn.fed()), "water": water(worn), "openings": openings(worn)}
    return out


def arms_of(study: Study, feed: Nutrients, moments: dict[str, list[Moment]]) -> dict[str, Any]:
    """What is read before the arms, at the end of each, and later."""
    out: dict[str, Any] = {"before": reading(feed, moments["morning"][-1])}
    for name in study.arms:
        end = study.noon.t + SESSION
        out[name] = {when: reading(feed, nearest(moments[name], end + later)) for when, later in MOMENTS.items()}
    return out


def reading(feed: Nutrients, moment: Moment) -> dict[str, float]:
    fed = feed.read(moment)._asdict()
    return {name: float(f"{value:.4g}") for name, value in fed.items() if name != "time"}


def openings(study: Study) -> dict[str, dict[str, float]]:
    """The steady disc after two days of lying, with its endplates open by shares."""
    feeds = {share: Nutrients(study.disc, share) for share in (1.0, 0.5, 0.3, 0.2, 0.1)}
    return {f"{share:g}": reading(feed, feed.steady(study.day[0])) for share, feed in feeds.items()}


def water(study: Study) -> dict[str, dict[str, float]]:
    """Against the morning's end: height [mm] and water [ml] gained at the end of the arms and later."""
    before = study.disc.read(study.noon)
    out: dict[str, dict[str, float]] = {}
    for name, points in study.arms.items():
        for when, later in MOMENTS.items():
            read = study.disc.read(nearest(points, study.noon.t + SESSION + later))
            gained = {"height": 1e3 * (read.height - before.height), "water": 1e6 * (read.water - before.water)}
            out.setdefault(name, {}).update({f"{k}, {when}": round(v, 3) for k, v in gained.items()})
    return out


def flows(study: Study) -> dict[str, dict[str, float]]:
    """The fastest water in the nucleus [um/min], what it is against diffusion of glucose over half the height, and the
    lowest pressure anywhere [MPa]."""
    at = {
        "five minutes on the feet": nearest(study.day, study.day[0].t + 300.0),
        "sixteen hours on the feet": nearest(study.day, study.day[0].t + 16.0 * HOUR),
        "five minutes of the pull": nearest(study.arms["lies and is pulled"], study.noon.t + 300.0),
        "the end of the pull": nearest(study.arms["lies and is pulled"], study.noon.t + SESSION),
    }
    water, free = 0.8, FEED["diffusivity"]["glucose"].value
    spread = free * water * (water / (2.0 - water)) ** 2
    out = {}
    for name, point in at.items():
        seen = inside(study.disc, point.u, point.mu)
        within = np.tile(study.disc.region == 0, 2)
        speed = float(np.linalg.norm(seen.flow[within], axis=-1).max())
        out[name] = {
            "speed": float(f"{speed * MICROMETRES_A_MINUTE:.2g}"),
            "peclet": float(f"{speed * study.disc.half / spread:.2g}"),
            "lowest pressure": float(f"{1e-6 * seen.pressure.min():.3g}"),
        }
    return out


def pictures(study: Study) -> dict[str, str]:
    """The pictures by name."""
    evening = nearest(study.day, study.day[0].t + 16.0 * HOUR)
    pulled = nearest(study.arms["lies and is pulled"], study.noon.t + SESSION)
    feed, moments = study.fed()
    fed = nearest(moments["lies and is pulled"], study.noon.t + SESSION)
    _, shut = study.fed(endplate=0.3)
    starved = nearest(shut["lies and is pulled"], study.noon.t + SESSION)
    risen = nearest(study.day, study.day[0].t + 300.0)
    two = (("On the feet for 16 hours, 600 N", evening), ("After 45 minutes of a pull, 300 N", pulled))
    return {
        "disc-pressure": section(
            [pressure(study, name, point) for name, point in (("On the feet for five minutes, 600 N", risen), *two)],
            "Pressure and flow of water in a disc",
            "Half sections of a modelled disc: just up, at the end of a day on the feet, at the end of a pull.",
        ),
        "disc-water": section(
            [wet(study, name, point) for name, point in two],
            "Share of water in a disc",
            "Half sections of a modelled disc, at the end of a day on the feet and at the end of a pull.",
        ),
        "disc-nutrients": section(
            [solute(study, one, fed) for one in (OXYGEN, GLUCOSE, LACTATE)],
            "Oxygen, glucose and lactate in a disc",
            "Half sections of a modelled disc at the end of a pull of 45 minutes.",
        ),
        "disc-blocked": section(
            [
                replace(solute(study, GLUCOSE, fed), title="Glucose, endplates open"),
                replace(solute(study, GLUCOSE, starved), title="Glucose, endplates open by 30 %"),
            ],
            "Glucose in a disc with open and with partly closed endplates",
            "Half sections of a modelled disc at the end of a pull of 45 minutes.",
        ),
        "disc-course": course(study, feed, moments),
    }


def pressure(study: Study, name: str, point: Point) -> Panel:
    seen = inside(study.disc, point.u, point.mu)
    panel = drawn(study, point.u, seen, name, "pressure", "MPa", 1e-6 * seen.pressure, 0.1 * np.arange(-3, 7))
    return replace(panel, arrows=arrows(study, seen))


def wet(study: Study, name: str, point: Point) -> Panel:
    seen = inside(study.disc, point.u, point.mu)
    return drawn(study, point.u, seen, name, "water", "% of volume", 100.0 * seen.water, 52.0 + 4.0 * np.arange(10))


def solute(study: Study, which: int, moment: Moment) -> Panel:
    words = {OXYGEN: ("oxygen", "kPa", 0.7), GLUCOSE: ("glucose", "mmol/l", 0.6), LACTATE: ("lactate", "mmol/l", 0.6)}
    name, unit, step = words[which]
    values = CELLS.oxygen_pressure(moment.c[which]) if which == OXYGEN else moment.c[which]
    seen = inside(study.disc, moment.u, np.zeros(moment.c.shape[1]))
    title = f"{name.capitalize()}, after 45 minutes of a pull"
    return drawn(study, moment.u, seen, title, name, unit, at_cells(study.disc, values), step * np.arange(10))


def drawn(
    study: Study, u: FloatArray, seen: Inside, title: str, quantity: str, unit: str, values: FloatArray, levels: Any
) -> Panel:
    g = study.disc.geometry
    return Panel(
        title=title,
        quantity=quantity,
        unit=unit,
        corners=1e3 * seen.corners,
        values=values,
        levels=[float(one) for one in levels],
        regions=(("nucleus", 0.0, 1e3 * g["nucleus"]), ("annulus", 1e3 * g["nucleus"], 1e3 * g["radius"])),
        borders=[1e3 * one for one in border(study.disc, u)],
    )


def arrows(study: Study, seen: Inside) -> Arrows:
    """In every second column of cells, at four heights."""
    middles = study.disc.shapes.place.mean(axis=1).round(9)
    grid = np.lexsort(middles.T[::-1]).reshape(-1, len(np.unique(middles[:, 1])))
    heights = middles[grid[0], 1]
    rows = [int(np.abs(heights - share * study.disc.half).argmin()) for share in (0.12, 0.4, 0.68, 0.93)]
    grid = grid[::2, rows].ravel()
    shown = np.r_[grid, grid + study.disc.shapes.elements]
    return Arrows(1e3 * seen.middles[shown], MICROMETRES_A_MINUTE * seen.flow[shown], 10.0, "µm/min", long=1.2)


def course(study: Study, feed: Nutrients, moments: dict[str, list[Moment]]) -> str:
    """Mean glucose of the nucleus through the arms."""
    styles = {"stays on the feet": "limit", "lies down": "plain", "lies and is pulled": "spine"}
    series = []
    for name, style in styles.items():
        read = [feed.read(one) for one in moments[name]]
        times = [one.time - study.noon.t for one in read]
        series.append(Series(times, [one.mean_glucose for one in read], name, style, named_at=SESSION))
    return chart(
        series,
        [Band(0.0, SESSION, "45 min", strong=True), Band(SESSION, 6.75 * HOUR, "on the feet again")],
        x=Axis("time", clock=True, low=0.0, high=6.75 * HOUR),
        y=Axis("mean glucose of the nucleus", "mmol/l", low=1.7),
        size=(960, 320),
        title="Glucose of the nucleus through 45 minutes of a pull, and after it",
        theme="standalone",
    )


def tables(of: dict[str, Any]) -> dict[str, str]:
    """Tables of the page by name."""
    why = [["stands, lies or is pulled", "as it is", "without flow", "slow water"]]
    for arm in ("before", "lies down", "lies and is pulled"):
        kinds = (of["endplates"]["1"], of["without flow"], of["slow water"])
        why.append([arm, *(_two((one[arm] if arm == "before" else one[arm]["end"])["mean_glucose"]) for one in kinds)])
    flow = [["", "fastest [µm/min]", "Péclet number"]]
    flow += [[name, f"{one['speed']:g}", f"{one['peclet']:g}"] for name, one in of["flow"].items()]
    opened = [["open", *READ.values()]]
    opened += [[f"{100.0 * float(share):.0f} %", *_read(one)] for share, one in of["openings"].items()]
    kinds = {"session": _arms(of["endplates"]["1"]), "closed": _arms(of["endplates"]["0.3"])}
    kinds["degenerate"] = _arms(of["degenerate"])
    return {name: _table(rows) for name, rows in {**kinds, "why": why, "flow": flow, "openings": opened}.items()}


READ: Final = {
    "mean_oxygen": "oxygen, mean [kPa]",
    "oxygen": "lowest",
    "mean_glucose": "glucose, mean [mmol/l]",
    "glucose": "lowest",
    "lactate": "lactate, highest [mmol/l]",
    "acid": "pH, lowest",
    "viable": "cells with enough",
}


def _arms(of: dict[str, Any]) -> list[list[str]]:
    rows = [["", "", *READ.values()], ["before", "", *_read(of["before"])]]
    for arm in (one for one in ARMS if one in of):
        rows += [[arm if when == "end" else "", when, *_read(of[arm][when])] for when in MOMENTS]
    return rows


def _read(one: dict[str, float]) -> list[str]:
    return [f"{100.0 * one[name]:.0f} %" if name == "viable" else _two(one[name]) for name in READ]


def _two(value: float) -> str:
    return f"{value:.2f}"


def _table(rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def filled(page: str, of: dict[str, Any]) -> str:
    """The page with its tables; a table stands between two marks."""
    for name, table in tables(of).items():
        mark = re.compile(rf"(<!-- figures: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page, found = mark.subn(lambda match, table=table: f"{match[1]}\n{table}\n\n{match[2]}", page)
        if found != 1:
            raise ValueError(f"{found} places for the table {name}")
    return page


def main() -> None:
    """Figures, tables and pictures."""
    told, page = DOCS / "researcher" / "nutrients.json", DOCS / "researcher" / "nutrients.md"
    if "--tables" not in sys.argv:
        study = Study(tuple(ARMS))
        told.write_text(json.dumps(figures(study), indent=1) + "\n", "utf-8")
        draw(study)
    page.write_text(filled(page.read_text("utf-8"), json.loads(told.read_text("utf-8"))), "utf-8")


def draw(study: Study) -> None:
    """The pictures."""
    for name, svg in pictures(study).items():
        (DOCS / "pictures" / f"{name}.svg").write_text(svg + "\n", "utf-8")


if __name__ == "__main__":
    main()
