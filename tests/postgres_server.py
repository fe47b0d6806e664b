"""A PostgreSQL server of a test's own, safe on disk, which can be killed and started again on its data folder."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

FROM_PACKAGES = "/usr/lib/postgresql"


def tools() -> Path | None:
    """The folder with initdb and postgres; None where PostgreSQL is not installed."""
    found = shutil.which("initdb") or next(map(str, sorted(Path(FROM_PACKAGES).glob("*/bin/initdb"))[-1:]), "")
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """Started by `start`; `kill` is SIGKILL to every process of it, as when the power goes."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="opentraction-postgres-"))
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.log = (self.home / "log").open("ab")
        self.home.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres")
        words = ["-U", "opentraction", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run("initdb", "-D", str(self.data), *words)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def address(self) -> str:
        return f"postgresql://opentraction@127.0.0.1:{self.port}/postgres"

    def start(self, patience: float = 60.0) -> None:
        """Come up, after a kill by its own recovery. A process of before may still hold its memory for a moment."""
        end = time.monotonic() + patience
        while True:
            self.process = subprocess.Popen(
                [*_as_its_user(), str(_tool("postgres")), "-D", str(self.data), "-p", str(self.port),
                 "-k", str(self.home), "-c", "listen_addresses=127.0.0.1"],
                cwd=self.home, stdout=subprocess.DEVNULL, stderr=self.log,
            )  # fmt: skip
            while self.process.poll() is None:
                if self._ready():
                    return
                assert time.monotonic() < end, f"PostgreSQL did not come up: {(self.home / 'log').read_text()[-500:]}"
                time.sleep(0.05)
            assert time.monotonic() < end, f"PostgreSQL ended: {(self.home / 'log').read_text()[-500:]}"
            time.sleep(0.2)

    def kill(self) -> None:
        """The postmaster and all its children, at once."""
        assert self.process is not None
        family = [self.process.pid, *_children(self.process.pid)]
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def close(self) -> None:
        """End, and leave nothing."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _ready(self) -> bool:
        words = [str(_tool("pg_isready")), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(words, check=False).returncode == 0

    def _run(self, name: str, *words: str) -> None:
        subprocess.run([*_as_its_user(), str(_tool(name)), *words], cwd=self.home, check=True, capture_output=True)


def _as_its_user() -> list[str]:
    """A server refuses to run as root."""
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] if os.geteuid() == 0 else []


def _tool(name: str) -> Path:
    folder = tools()
    assert folder is not None
    return folder / name


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
