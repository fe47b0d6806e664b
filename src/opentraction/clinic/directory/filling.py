"""The command that fills the directory, as it is to be typed beside this console."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

from django.conf import settings

from opentraction.clinic import roles

_COMMAND: Final = "opentraction specialists import FILE"
_DEFAULT: Final = Path("var")


def import_command(reader: roles.Anyone) -> str:
    """With the data folder where it is not the default: the command would fill another one. Staff alone read where."""
    data = Path(settings.DATA)
    if data == _DEFAULT.absolute() or not roles.may(reader, roles.WORK):
        return _COMMAND
    return f"{_COMMAND} --data {shlex.quote(str(data))}"
