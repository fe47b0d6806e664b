"""Two hundred people at once on PostgreSQL and a treatment beside them: how long do pages take, who disturbs whom?

The database, the table process with a treatment running and the consoles as `opentraction run` starts them, all on this
machine; so is the crowd itself. Four legs in one run: the treatment alone (two pages watch it); the same with two
hundred signed-in people who think as long as those of TPC-W (clause 5.3.1.1: exponential, 7 s in the mean, 70 s at
most); the same in a hurry, 3 to 8 s; and without any thought, which is as much as it can do.

scripts/with-postgres --durable .venv/bin/python benchmarks/load.py
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
AIM_MS = 300.0
FRAME_MS = 50.0
NO_PAGES = frozenset({"styles and scripts", "asked by the page itself"})
PERIOD_US = 5000.0
THINKS = {"kind": "exponential", "mean": 7.0, "most": 70.0}
HURRIED = {"kind": "between", "low": 3.0, "high": 8.0}
NEVER = {"kind": "between", "low": 0.0, "high": 0.0}
ROLES = {"clinician": 40, "therapist": 70, "front-desk": 50, "patient": 38, "administrator": 2}
WATCHERS = 2
NAMES = ("ber", "gar", "koz", "anna", "dub", "had ju", "fischer", "ito len", "P-120", "erik")
SPECIALISTS = 20_000
CORES = len(os.sched_getaffinity(0))
SUM = "import time; t = time.perf_counter(); sum(i * i % 7 for i in range(5_000_000)); print(time.perf_counter() - t)"


def main() -> int:
    """Fill, serve, walk, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=5000)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=120.0, help="of each leg (120)")
    parser.add_argument("--warm-up", type=float, default=15.0, help="that do not count (15)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--consoles", type=int, help="web processes (as many as `opentraction run` starts)")
    chosen = parser.parse_args()
    address = os.environ.get("OPENTRACTION_TEST_DATABASE_URL", "")
    if not address:
        print("Left out: it needs PostgreSQL. scripts/with-postgres --durable .venv/bin/python benchmarks/load.py")
        return 0
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {
            "OPENTRACTION_DATABASE_URL": address, "OPENTRACTION_DATA": name,
            "OPENTRACTION_SOCKET": f"{name}/table.socket", "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }  # fmt: skip
        orders = prepared(Path(name), chosen)
        with treated(Path(name)) as table, served(Path(name), chosen.consoles) as port:
            legs = walked(orders | {"port": port}, chosen, table)
            late, stopped = table.stop(), time.monotonic()
        tell(legs, late, stopped, chosen)
        return checked()


def prepared(data: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """A filled clinic and its people; how long it took is said."""
    began = time.monotonic()
    django("migrate", "--verbosity", "0")
    django("demo")
    registry(data)
    filler = [sys.executable, __file__, "--fill", str(chosen.patients), str(chosen.users), str(chosen.seed)]
    orders: dict[str, Any] = json.loads(subprocess.run(filler, check=True, stdout=subprocess.PIPE, text=True).stdout)
    print(f"filled in {time.monotonic() - began:.0f} s: {orders.pop('told')}", flush=True)
    return orders


def django(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "django", *words], check=True, capture_output=True)


def registry(data: Path) -> None:
    """Some specialists to find."""
    from opentraction.care.specialists.synthetic import write_registry

    path = data / "npidata_pfile.csv"
    with path.open("w") as out:
        write_registry(out, SPECIALISTS, 1, 1.0)
    words = ["specialists", "import", str(path), "--data", str(data)]
    subprocess.run([sys.executable, "-m", "opentraction", *words], check=True, stdout=subprocess.DEVNULL)


def fill(patients: int, users: int, seed: int) -> None:
    """In a process of its own, where Django belongs to this database: fill, and print the crowd's orders."""
    import django as framework

    framework.setup()
    from _filled import fill, people

    from opentraction.clinic.models import AuditRow, Patient

    fill(patients, seed)
    counts = {role: max(1, round(count * users / 200)) for role, count in ROLES.items()}
    everybody = [{"cookie": one.cookie, "role": one.role, "clinic": one.clinic} for one in people(counts)]
    ours = {str(clinic): [] for clinic in (1, 2)}  # type: dict[str, list[int]]
    for pk, clinic in Patient.objects.values_list("pk", "clinic_id"):
        ours.setdefault(str(clinic), []).append(pk)
    watchers = [one for one in everybody if one["role"] == "clinician"][:WATCHERS]
    walkers = [one for one in everybody if one not in watchers]
    told = f"{Patient.objects.count():,} patients, {AuditRow.objects.count():,} rows of acts, {len(everybody)} users"
    said = {"people": walkers, "watchers": watchers, "patients": ours, "names": NAMES, "seed": seed, "told": told}
    print(json.dumps(said))


@contextmanager
def treated(data: Path) -> Iterator[Any]:
    """The table process, pulling."""
    from _clinic import TableUnderTest

    table = TableUnderTest(data)
    try:
        table.treat()
        yield table
    finally:
        if table.process.poll() is None:
            table.stop()


@contextmanager
def served(data: Path, consoles: int | None) -> Iterator[int]:
    """The consoles, started as `opentraction run` starts them."""
    from _clinic import _answers, _free_port, _until

    from opentraction.app.commands import run
    from opentraction.app.lifeline import Lifeline

    port, environment = _free_port(), dict(os.environ)
    door, lifeline = run._listening(port), Lifeline()
    count = consoles or run._consoles(environment)
    processes = {f"console {n}": run._console(lifeline, environment, door) for n in range(count)}
    print(f"{count} consoles", flush=True)
    try:
        _until(lambda: _answers(port))
        yield port
    finally:
        run._end(processes)
        door.close()


def walked(orders: dict[str, Any], chosen: argparse.Namespace, table: Any) -> dict[str, dict[str, Any]]:
    """The legs, and when on the table's clock each of them was."""
    legs: dict[str, dict[str, Any]] = {
        "alone": {"people": [], "think": THINKS},
        "with thought": {"think": THINKS},
        "in a hurry": {"think": HURRIED},
        "without thought": {"think": NEVER},
    }
    crowd = subprocess.Popen(
        [sys.executable, str(HERE / "_crowd.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert crowd.stdin is not None
    assert crowd.stdout is not None
    found = {}
    for name, own in legs.items():
        told = orders | {"seconds": chosen.seconds, "warm_up": chosen.warm_up} | own
        began = time.monotonic() + chosen.warm_up
        crowd.stdin.write(json.dumps(told) + "\n")
        crowd.stdin.flush()
        said = json.loads(crowd.stdout.readline())
        found[name] = said | {"from": began, "until": began + chosen.seconds}
        print(f"leg {name!r} done; {pace()}", flush=True)
    crowd.stdin.close()
    crowd.wait(10)
    return found


def pace() -> str:
    """How fast the machine is now: the same sum on every core at once. A borrowed machine is not always as fast."""
    sums = [subprocess.Popen([sys.executable, "-c", SUM], stdout=subprocess.PIPE, text=True) for _ in range(CORES)]
    took = [float(one.communicate()[0]) for one in sums]
    return f"the sum takes {np.mean(took):.2f} s on each of {CORES} cores"


def tell(legs: dict[str, dict[str, Any]], late: list[float], stopped: float, chosen: argparse.Namespace) -> None:
    """Tables for the page of benchmarks. `late` is every tick until `stopped`, five milliseconds each."""
    for name in [name for name, leg in legs.items() if leg["took"]]:
        pages(name, legs[name], chosen)
    heads = f"{'frames':>8}{'gap p50':>9}{'p99':>8}{'max ms':>9}   late p50{'p99':>8}{'max us':>9}  missed"
    print(f"\n{'the treatment beside it':<34}{heads}")
    for name, leg in legs.items():
        gaps = np.array(leg["gaps"] or [np.nan])
        first, last = (len(late) - round((stopped - leg[key]) * 1e6 / PERIOD_US) for key in ("from", "until"))
        ticks = np.array(late[max(0, first) : max(0, last)] or [np.nan])
        g, t = np.percentile(gaps, [50, 99, 100]), np.percentile(ticks, [50, 99, 100])
        print(
            f"{name:<34}{gaps.size:>8,}{g[0]:>9.1f}{g[1]:>8.1f}{g[2]:>9.1f}   {t[0]:>8.0f}{t[1]:>8.0f}{t[2]:>9.0f}"
            f"  {int((ticks > PERIOD_US).sum())} of {ticks.size:,}"
        )


def pages(name: str, leg: dict[str, Any], chosen: argparse.Namespace) -> None:
    """Percentiles of each page of a leg."""
    took = {page: np.array(times) for page, times in leg["took"].items()}
    views = np.concatenate([times for page, times in took.items() if page not in NO_PAGES] or [np.zeros(1)])
    count = len(leg["took"].get("styles and scripts", []))
    rate = views.size / chosen.seconds
    print(
        f"\n{chosen.users} people, {name}: {rate:.1f} pages/s, {count / chosen.seconds:.0f} files/s, "
        f"{len(leg['errors'])} errors"
    )
    print(f"{'page [ms]':<26}{'count':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
    slowest = sorted(took.items(), key=lambda one: -float(np.percentile(one[1], 95)))
    for page, times in [*slowest, ("all pages", views)]:
        p50, p95, p99, most = np.percentile(times, [50, 95, 99, 100])
        over = "   above the aim" if p95 > AIM_MS else ""
        print(f"{page:<26}{times.size:>8,}{p50:>8.0f}{p95:>8.0f}{p99:>8.0f}{most:>8.0f}{over}")
    for error in leg["errors"][:5]:
        print(f"  error: {error}")


def checked() -> int:
    """The record of acts after all that: every look chained, none missing."""
    done = subprocess.run(
        [sys.executable, "-m", "opentraction", "audit", "check", "--data", os.environ["OPENTRACTION_DATA"]], check=False
    )
    return done.returncode


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        fill(*map(int, sys.argv[2:5]))
    else:
        raise SystemExit(main())
