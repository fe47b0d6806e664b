"""The ground of the tests themselves."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def test_a_test_run_has_its_own_data_and_so_has_each_worker(worker_id: str) -> None:
    whose = "" if worker_id == "master" else worker_id
    assert Path(settings.DATA).name.startswith(f"opentraction-tests-{whose}-")
