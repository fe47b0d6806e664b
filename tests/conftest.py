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
from _pytest.runner import runtestprotocol
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
os.environ["DJANGO_SETTINGS_MODULE"] = "opentraction.app.settings"

# Steady by default, so that a red run is never luck; HYPOTHESIS_PROFILE=explore looks for new cases.
settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure(config: pytest.Config) -> None:
    """Read Django's settings early: pytest-django sets Django up only once they have been read."""
    from django.conf import settings as console

    assert console.INSTALLED_APPS
    config.pluginmanager.register(Voided(), "voided")
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # as in the background of a script; what is started inherits it
        signal.signal(signal.SIGINT, signal.default_int_handler)
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


LATE = "control loop was late"
"""What a table writes that ends a pull because this machine did not give it a processor for a tenth of a second."""
TRIES = 3


class Voided:
    """A test whose table was kept waiting by the machine says nothing about us: it is run again, and that is said."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        if item.get_closest_marker("alone") is None:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for left in reversed(range(TRIES)):
            reports = runtestprotocol(item, log=False, nextitem=nextitem)
            if not (left and any(one.failed and LATE in "".join(text for _, text in one.sections) for one in reports)):
                break
            print(f"\n{item.nodeid}: void, the machine kept the control loop waiting; run again", file=sys.__stderr__)
            item._initrequest()  # type: ignore[attr-defined]
        for one in reports:
            item.ihook.pytest_runtest_logreport(report=one)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True
