"""A directory with a few people around Austin, Texas, made without reading all ZIP codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.directory.ground import Ground


@pytest.fixture
def ground(db: None) -> Ground:
    from tests.unit.directory.ground import Ground

    return Ground()
