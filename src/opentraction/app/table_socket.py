"""Where the table listens, and the model beside it: a Unix socket that only its owner may connect to."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

from opentraction.quantities import BadInput

LONGEST_PATH = 107
"""What the kernel takes for a Unix socket."""


def listen(path: Path, name: str = "--socket", kind: socket.SocketKind = socket.SOCK_SEQPACKET) -> socket.socket:
    """A listening socket only its owner may connect to. Raises BadInput where there can be none.

    It gets its name when it listens already: who finds the name finds an open ear.
    """
    listener = socket.socket(socket.AF_UNIX, kind)
    unnamed = path.with_name(f"~{os.getpid():x}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear(path, name, kind)
        unnamed.unlink(missing_ok=True)
        listener.bind(str(unnamed))
        unnamed.chmod(stat.S_IRUSR | stat.S_IWUSR)
        listener.listen(8)
        unnamed.rename(path)
    except OSError as error:
        listener.close()
        allowed = f"a path of at most {LONGEST_PATH} characters that can be written ({error.strerror or error})"
        raise BadInput(name, str(path), allowed) from None
    except BadInput:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _clear(path: Path, name: str, kind: socket.SocketKind) -> None:
    """Remove a socket nobody listens on any more; refuse to take over a living one."""
    if not path.exists():
        return
    if not path.is_socket():
        raise BadInput(name, str(path), "a path where nothing but an old socket stands")
    probe = socket.socket(socket.AF_UNIX, kind)
    try:
        probe.connect(str(path))
    except ConnectionRefusedError:
        path.unlink()
    except OSError:
        raise BadInput(name, str(path), "a path where no other program's socket stands") from None
    else:
        raise BadInput(name, str(path), "a socket no other process listens on")
    finally:
        probe.close()
