"""`opentraction run`: table, console and the spine's model, each a process, under one roof until Ctrl-C."""

from __future__ import annotations

import argparse
import functools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from opentraction import DISCLAIMER
from opentraction.app import bus_beside, console_process
from opentraction.app.data_folder import OWNER_ONLY, data_folder
from opentraction.app.lifeline import Lifeline
from opentraction.quantities import BadInput, State

PATIENCE = 30.0  # [s] for everything to come up
RELEASE = 4.5  # [s] for everything to go down
MOST_RESTARTS = 5  # of a console, or of the model of the spine
RESTART_WINDOW = 60.0  # [s]
MOST_CONSOLES = 2
BENEATH = 0.5  # [s] of it for what lives beneath the table, which is still needed to let go
MODEL = "spine"
BACKLOG = 1024
Processes = dict[str, subprocess.Popen[bytes]]


def main(chosen: argparse.Namespace) -> int:
    """Start everything, wait, end everything."""
    with _listening(chosen.port) as listening:
        return _run(chosen, listening)


def _run(chosen: argparse.Namespace, listening: socket.socket) -> int:
    data = data_folder(chosen.data.absolute())
    line = _socket_path(data)
    environment = {
        **os.environ,
        "OPENTRACTION_DATA": str(data),
        "OPENTRACTION_SOCKET": str(line),
        "OPENTRACTION_SPINE_SOCKET": str(line.with_name("spine.socket")),
        "DJANGO_SETTINGS_MODULE": "opentraction.app.settings",
        "PYTHONUNBUFFERED": "1",
    }
    _django(environment, "migrate", "--verbosity", "0")
    sign_in = _django(environment, "demo")
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, _interrupt)
    lifeline, beneath = Lifeline(), Lifeline()
    address = bus_beside.address_of(chosen.table, line)

    def console() -> subprocess.Popen[bytes]:
        return _console(lifeline, environment, listening)

    names = [f"console {number}" for number in range(1, _consoles(environment) + 1)]

    def spine() -> subprocess.Popen[bytes]:
        return _spine(lifeline, environment, line, data)

    below = {
        name: functools.partial(_start, command, environment, beneath)
        for name, command in bus_beside.commands(address, chosen.seed).items()
    }
    starts = dict.fromkeys(names, console) | {MODEL: spine}
    processes: Processes = {}
    try:
        processes |= {name: start() for name, start in below.items()}
        processes["table"] = _table(lifeline, environment, line, data, chosen.seed, address, beneath)
        processes |= {name: start() for name, start in starts.items()}
        starts |= below
        _wait_until_up(chosen.port, line, processes)
        print(f"\nOpenTraction is running: http://127.0.0.1:{chosen.port}/")
        print(sign_in.strip())
        print(f"Table: {_kind(chosen.table)}. Data: {data}. Ctrl-C ends everything.\n{DISCLAIMER}", flush=True)
        return _watch(processes, starts)
    except KeyboardInterrupt:
        print("\nReleasing and closing ...", flush=True)
        return 0
    finally:
        _end(processes)


def _kind(table: str) -> str:
    """What stands there, in words."""
    return {bus_beside.VIRTUAL: "simulated", bus_beside.BUS: "simulated, on a bus"}.get(table, f"on {table}")


def _socket_path(data: Path) -> Path:
    """Beside the data, or in the temporary folder where that path is too long for a Unix socket."""
    path = data / "table.socket"
    if bus_beside.short_enough(path):
        return path
    return Path(tempfile.mkdtemp(prefix="opentraction-")) / "table.socket"


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _listening(port: int) -> socket.socket:
    """The one door of all consoles. It stays open while they come and go, so that nobody knocks at nothing."""
    if not 1 <= port <= 65535:
        raise BadInput("--port", port, "a port from 1 to 65535")
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
        door.listen(BACKLOG)
    except OSError as error:
        door.close()
        raise BadInput("--port", port, f"a free port ({error.strerror})") from None
    return door


def _consoles(environment: dict[str, str]) -> int:
    """One for SQLite, which has one writer at a time anyway; with PostgreSQL as many as there are cores, up to two."""
    if not environment.get("OPENTRACTION_DATABASE_URL"):
        return 1
    return min(MOST_CONSOLES, os.cpu_count() or 1)


def _django(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 (our own interpreter and words)
        [sys.executable, "-m", "django", *arguments],
        env=environment,
        umask=OWNER_ONLY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        allowed = f"a database that can be opened; {' '.join(arguments)} said: {_last_line(done.stderr)}"
        raise BadInput("database", State("not usable"), allowed)
    return done.stdout


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1] if lines else "nothing"


def _table(
    lifeline: Lifeline,
    environment: dict[str, str],
    line: Path,
    data: Path,
    seed: int,
    address: str | None,
    beneath: Lifeline,
) -> subprocess.Popen[bytes]:
    """The table holds the line of what it stands on: that ends after it."""
    arguments = ["table", "--socket", str(line), "--data", str(data), "--seed", str(seed)]
    if address is not None:
        arguments += ["--bus", address]
    return _start([sys.executable, "-m", "opentraction", *arguments], environment, lifeline, beneath.writing)


def _spine(lifeline: Lifeline, environment: dict[str, str], line: Path, data: Path) -> subprocess.Popen[bytes]:
    arguments = ["spine", "--socket", str(line), "--own", environment["OPENTRACTION_SPINE_SOCKET"], "--data", str(data)]
    return _start([sys.executable, "-m", "opentraction", *arguments], environment, lifeline)


def _console(lifeline: Lifeline, environment: dict[str, str], listening: socket.socket) -> subprocess.Popen[bytes]:
    there = environment | {console_process.VARIABLE: str(listening.fileno())}
    return _start([sys.executable, "-m", console_process.__name__], there, lifeline, listening.fileno())


def _start(command: list[str], environment: dict[str, str], lifeline: Lifeline, *more: int) -> subprocess.Popen[bytes]:
    """In a session of its own, so that a Ctrl-C on the terminal reaches only us and the table ends its own way; on a
    lifeline, so that it ends its own way also when we are killed.
    """
    return subprocess.Popen(  # noqa: S603 (as above)
        command,
        env=environment | lifeline.environment,
        umask=OWNER_ONLY,
        start_new_session=True,
        pass_fds=(lifeline.reading, *more),
    )


def _wait_until_up(port: int, table: Path, processes: dict[str, subprocess.Popen[bytes]]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        _nobody_died(processes)
        if table.exists() and _answers(port):
            return
        time.sleep(0.1)
    raise BadInput("console", State("not up"), f"a machine on which it starts within {PATIENCE:.0f} s")


def _answers(port: int) -> bool:
    # Behind a TLS proxy the console sends plain HTTP away; whoever asks from here says what the proxy says.
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(asked, timeout=2.0):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _nobody_died(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if name != MODEL and process.poll() is not None:
            raise BadInput(name, State(f"gone with code {process.returncode}"), "a process that stays")


def _watch(processes: Processes, starts: Mapping[str, Callable[[], subprocess.Popen[bytes]]]) -> int:
    """Until Ctrl-C. What dies is started again by `starts`, the table beside it pulls on untouched; a table is not.

    A model of the spine that keeps dying is left out; a console is not.
    """
    restarts: dict[str, list[float]] = {name: [] for name in starts}
    while True:
        time.sleep(0.5)
        table = processes["table"]
        if table.poll() is not None:
            print(f"The table process ended (code {table.returncode}). Start again with: make run", file=sys.stderr)
            return 5
        name = next((name for name, one in processes.items() if one.poll() is not None), None)
        if name is None:
            continue
        now = time.monotonic()
        restarts[name] = [at for at in restarts[name] if now - at < RESTART_WINDOW] + [now]
        if len(restarts[name]) > MOST_RESTARTS and name == MODEL:
            print("The model of the spine keeps ending and is left out. Everything else goes on.", file=sys.stderr)
            del processes[name]
            continue
        if len(restarts[name]) > MOST_RESTARTS and name in bus_beside.NAMES:
            print(f"The {bus_beside.NAMES[name]} keeps ending. Nothing is pulled any more.", file=sys.stderr)
            table.terminate()
            table.wait()
            return 5
        if len(restarts[name]) > MOST_RESTARTS:
            print("The console keeps ending. The table carries on until Ctrl-C releases it.", file=sys.stderr)
            table.wait()
            return 5
        what = {MODEL: "model of the spine", **bus_beside.NAMES}.get(name, "console")
        code = processes[name].returncode
        print(f"The {what} ended (code {code}); starting it again. {_meanwhile(name)}", file=sys.stderr)
        processes[name] = starts[name]()


def _meanwhile(name: str) -> str:
    """What the table does without it."""
    return "The table lets go." if name in bus_beside.NAMES else "The table carries on."


def _end(processes: Processes) -> None:
    """Ask everyone to end, then insist; last what the table stands on. A second Ctrl-C does not cut a release short."""
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    below = [one for name, one in processes.items() if name in bus_beside.NAMES]
    _end_these([one for one in processes.values() if one not in below], RELEASE - BENEATH)
    _end_these(below[::-1], BENEATH)


def _end_these(processes: Sequence[subprocess.Popen[bytes]], patience: float) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + patience
    for process in processes:
        try:
            process.wait(max(0.05, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
