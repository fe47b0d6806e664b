"""Ground for every test: Django's own temporary data folder, and steady property tests."""

from __future__ import annotations

import atexit
import faulthandler
import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from greenlet import greenlet
from hypothesis import settings


def _new_folder(whose: str = "") -> str:
    folder = tempfile.mkdtemp(prefix=f"opentraction-tests-{whose}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


# Set before Django reads its settings: a test run never touches the data of the person running it. A worker has read
# them before it comes here, with the folder it was given below.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["OPENTRACTION_DATA"] = _new_folder()
# The clinic's tests run on PostgreSQL as well, when one is named.
os.environ["OPENTRACTION_DATABASE_URL"] = os.environ.get("OPENTRACTION_TEST_DATABASE_URL", "")
# No test makes a noise, whatever this machine has; those about sound bring a player of their own.
os.environ["OPENTRACTION_SOUND"] = "none"
os.environ["DJANGO_SETTINGS_MODULE"] = "opentraction.app.settings"

# Steady by default, so that a red run is never luck; HYPOTHESIS_PROFILE=explore looks for new cases.
settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure() -> None:
    """Read Django's settings early: pytest-django sets Django up only once they have been read."""
    from django.conf import settings as console

    assert console.INSTALLED_APPS
    # In the background of a script, or under nohup, they are ignored, and what is started inherits that.
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)
    # A good hash takes a tenth of a second, and tests make a thousand users; processes they start have the real one.
    console.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[Any]) -> None:
    """Each worker has a data folder of its own: they shared one, and took each other's audit-head away."""
    for spec in specs:
        spec.env["OPENTRACTION_DATA"] = _new_folder(spec.id)


ALONE = {"journeys", "durability"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole folders that start processes run by themselves, whoever wrote the test."""
    for item in items:
        if ALONE & set(item.path.parts):
            item.add_marker(pytest.mark.alone)


HANGS_S = 240.0
LAST_WORDS = 25


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Where a test takes very long, its name and every line it stands at are told; pytest-timeout ends it later.

    A stack of threads does not show a browser's test, which waits in a greenlet.
    """
    timer = threading.Timer(HANGS_S, _tell_where, [item.nodeid])
    timer.daemon = True
    timer.start()
    try:
        return (yield)
    finally:
        timer.cancel()


def _tell_where(name: str) -> None:
    out = sys.__stderr__
    print(f"\n{name} has taken {HANGS_S:.0f} s and stands at", file=out)
    for one in gc.get_objects():
        if isinstance(one, greenlet) and one.gr_frame is not None:
            traceback.print_stack(one.gr_frame, file=out)
    faulthandler.dump_traceback(out)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Where a test with a table fails, its report ends with what the table wrote down last."""
    report = yield
    if report.failed:
        for thing in getattr(item, "funcargs", {}).values():
            data = thing if isinstance(thing, Path) else getattr(thing, "data", None)
            if isinstance(data, Path):
                report.sections += [(f"documents of {log.parent.name}", _tail(log)) for log in _logs(data)]
    return report


def _logs(data: Path) -> list[Path]:
    return sorted(data.rglob("documents.jsonl"), key=lambda path: path.stat().st_mtime)[-1:]


def _tail(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").splitlines()[-LAST_WORDS:]
    return "\n".join(line[:300] for line in lines)
