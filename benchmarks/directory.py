"""How fast does the public registry come into the directory, in how much memory, and how soon is somebody found?

A made-up file with the real file's header; of the real one, nine million rows, the time follows from the rates. The
import runs as the shipped command in a process of its own. Then it is killed once, and goes on.

python benchmarks/directory.py                        SQLite in a temporary folder
scripts/with-postgres --durable python benchmarks/directory.py     PostgreSQL as well
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

REAL = 9_000_000
QUERIES = 1_000
FEW = 0.1
"""Share of our professions among all rows of the real file: a guess (from memory, unverified), told with the result."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An import: rows, seconds, and the most memory [MB] the process held (VmHWM)."""

    rows: int
    seconds: float
    memory: float

    def line(self, name: str) -> str:
        rate = self.rows / self.seconds
        whole = REAL / rate / 60
        return f"{name:34} {rate:9,.0f} rows/s {self.memory:6.0f} MB   nine million rows: {whole:.0f} min"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("SQLite", "PostgreSQL"), help="one of the databases")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = {share: written(Path(folder), chosen.rows, chosen.seed, share) for share in (1.0, FEW)}
        for name, address in addresses().items():
            if chosen.only in {None, name}:
                measured(name, Path(folder) / name, address, files, chosen.rows)
    return 0


def addresses() -> dict[str, str]:
    """Databases to measure on: SQLite, and PostgreSQL when one is named."""
    named = os.environ.get("OPENTRACTION_TEST_DATABASE_URL", "")
    return {"SQLite": ""} | ({"PostgreSQL": named} if named else {})


def written(folder: Path, rows: int, seed: int, share: float) -> Path:
    """A made-up file; the two files list different people."""
    from opentraction.care.specialists.synthetic import write_registry

    path = folder / f"npidata_pfile_{share:g}.csv"
    with path.open("w") as out:
        write_registry(out, rows, seed, share, first=0 if share == 1.0 else rows)
    print(f"{path.name}: {rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, {share:.0%} of them of our professions")
    return path


def measured(name: str, data: Path, address: str, files: dict[float, Path], rows: int) -> None:
    """Both imports and the searches on one database."""
    environment = os.environ | {"OPENTRACTION_DATA": str(data), "OPENTRACTION_DATABASE_URL": address}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    data.mkdir()
    run([sys.executable, "-m", "django", "migrate", "-v", "0", "--settings", "opentraction.app.settings"], environment)
    print(f"\n{name}")
    print(taken(files[1.0], data, environment, rows).line("import, all of our professions"), flush=True)
    print(searched(environment), flush=True)
    print(taken(files[FEW], data, environment, rows).line(f"import, {FEW:.0%} of our professions"), flush=True)
    print(killed(files[FEW], data, environment), flush=True)


def run(words: list[str], environment: dict[str, str]) -> str:
    """A command's output."""
    return subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout


def command(file: Path, data: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "opentraction", "specialists", "import", str(file), "--data", str(data), *more]


def taken(file: Path, data: Path, environment: dict[str, str], rows: int) -> Taken:
    """One import as a process of its own, its peak memory read while it lives."""
    start = time.perf_counter()
    with subprocess.Popen(command(file, data), env=environment, stdout=subprocess.DEVNULL) as process:
        peak = Peak(process.pid)
        peak.start()
        if process.wait():
            raise SystemExit("the import failed")
    peak.join()
    return Taken(rows, time.perf_counter() - start, peak.highest)


class Peak(threading.Thread):
    """The most memory a process and its children have held [MB], each at its own peak, as the kernel counts it."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.highest = 0.0
        self._pid = pid
        self._peaks: dict[int, float] = {}

    def run(self) -> None:
        """Look every 0.1 s until it is gone."""
        while (own := _peak(self._pid)) is not None:
            self._peaks[self._pid] = own
            for child in _children(self._pid):
                self._peaks[child] = max(self._peaks.get(child, 0.0), _peak(child) or 0.0)
            self.highest = sum(self._peaks.values())
            time.sleep(0.1)


def _peak(pid: int) -> float | None:
    """VmHWM of a process [MB]; None once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    found = [line for line in lines if line.startswith("VmHWM")]
    return int(found[0].split()[1]) / 1024 if found else None


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def killed(file: Path, data: Path, environment: dict[str, str]) -> str:
    """Read the file once more, kill it, go on; nothing may be doubled."""
    before = count(environment)
    process = subprocess.Popen(command(file, data, "--again"), env=environment)
    time.sleep(10)
    process.send_signal(signal.SIGKILL)
    process.wait()
    start = time.perf_counter()
    run(command(file, data, "--again"), environment)
    same = "nobody doubled" if count(environment) == before else "THE COUNT DIFFERS"
    return f"killed after 10 s, gone on: {time.perf_counter() - start:.0f} s more, {same} ({before:,} listed)"


def count(environment: dict[str, str]) -> int:
    return int(asked("count", environment))


def searched(environment: dict[str, str]) -> str:
    return asked("search", environment)


def asked(what: str, environment: dict[str, str]) -> str:
    """Ask this file in a process of its own, where Django belongs to one database."""
    return run([sys.executable, __file__, "--ask", what], environment).strip()


def answer(what: str) -> int:
    """What the other process says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opentraction.app.settings")
    import django

    django.setup()
    from opentraction.clinic.directory.models import Specialist

    if what == "count":
        print(Specialist.objects.count())
        return 0
    asked = list(queries())
    for turn in ("asked for the first time", "asked again"):
        times, found, slowest = searches(asked)
        every = [one for own in times.values() for one in own]
        p50, p95 = np.percentile(every, [50, 95])
        print(f"search among {Specialist.objects.count():,}, {turn}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, ", end="")
        print(f"slowest {max(every):.0f} ms ({slowest}); {len(every):,} queries, {found:.0%} found somebody")
        print("   p95 by kind: " + ", ".join(f"{kind} {np.percentile(own, 95):.1f} ms" for kind, own in times.items()))
    return 0


def searches(asked: list[tuple[str, str, Any]]) -> tuple[dict[str, list[float]], float, str]:
    """Milliseconds of each query by kind, the share that found somebody, the slowest query in words."""
    from datetime import date

    from opentraction.clinic.directory.search import search

    today, found, worst = date(2026, 11, 22), 0, (0.0, "")
    times: dict[str, list[float]] = {}
    for kind, words, query in asked:
        start = time.perf_counter()
        results = search(query, today)
        took = 1000 * (time.perf_counter() - start)
        times.setdefault(kind, []).append(took)
        found += bool(results.found)
        worst = max(worst, (took, words))
    return times, found / len(asked), worst[1]


def queries():  # type: ignore[no-untyped-def]
    """A thousand questions from anywhere: most by profession, some by name, language, without profession, page 3."""
    from opentraction.care.specialists import MILE, Where, taxonomies
    from opentraction.clinic.directory.models import Place, Specialist
    from opentraction.clinic.directory.search import Query
    from opentraction.quantities import Streams

    chance = Streams(5).stream("queries")
    codes = list(Place.objects.filter(country="US").order_by("code").values_list("code", flat=True))
    groups = list(taxonomies().groups)
    names = list(Specialist.objects.order_by("pk").values_list("sort_name", flat=True)[:1000])
    for n in range(QUERIES):
        code, miles = codes[chance.integers(len(codes))], int(chance.choice([5, 10, 25, 50, 100]))
        kind = ("profession", "profession", "page 3", "anyone", "language", "name")[n % 6]
        query = Query(
            where=Where(code=code),
            radius=miles * MILE,
            group="" if kind in {"anyone", "name"} else groups[chance.integers(len(groups))],
            name=str(chance.choice(names)) if kind == "name" else "",
            offers=(("language", "es"),) if kind == "language" else (),
            page=3 if kind == "page 3" else 1,
        )
        yield kind, f"{kind}, {miles} miles around {code}", query


if __name__ == "__main__":
    raise SystemExit(answer(sys.argv[2]) if sys.argv[1:2] == ["--ask"] else main())
