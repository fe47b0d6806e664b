"""What the commands say of themselves, with an example each."""

from __future__ import annotations

import argparse
from typing import Final

EXIT_CODES: Final = "Exit codes: 0 completed, 2 bad input, 3 stopped by a person, 4 not permitted, 5 fault."

RUN: Final = """\
Start a simulated table and the console, make a demo clinic at the first start, print address and sign-in.
Ctrl-C releases what is pulled and ends every process within 5 s. A console that dies is started again while the
table pulls on; if this program itself is killed, the table releases and both end by themselves.

example:
  opentraction run --data clinic --port 8080
"""

REHEARSE: Final = """\
Say in plain words what a prescription would do to one patient: forces, times, force-time dose,
every bound it meets or breaks; and draw the curve. Nothing moves. Exit code 4 means a bound forbids the treatment.

example:
  opentraction rehearse vax-d-1997 --patient examples/patient.toml --unit lb --svg curve.svg
"""

PROTOCOLS: Final = """\
List the published protocols that are shipped, by the name that treat and rehearse take.

example:
  opentraction rehearse kdt-first-visit --patient examples/patient.toml
"""

RECOVER: Final = """\
Close a recording that was cut off (a kill, a power cut): torn ends are removed, the session is marked as
interrupted, every logged event is written into the waveform file, and summary.json is made from what is there.
Nothing whole is lost. Running it twice is harmless; a closed recording is left alone.

Refused, and left exactly as it is: a folder without a log, a log that was altered, a waveform file with damage in
its middle, a session that is still being recorded. The table process does this by itself when it starts.

example:
  opentraction recover var/recordings/3f0c6c9e-5d8e-4f39-9d5e-0a4f4c1b2a77
"""

REPORT: Final = """\
Write the report of a recording: one page of PDF with the prescription, the curve against it, the accuracy,
every stop and alarm, and who signs. It reads the recording only; the patient is the pseudonym.

example:
  opentraction report out --unit lb --letter --out report.pdf
"""

TABLE: Final = """\
Run the table process alone: control loop, guard and recorder of a simulated table behind a Unix socket.
SIGTERM, SIGINT or SIGHUP releases what is pulled, closes the recording, then ends.

example:
  opentraction table --socket var/table.socket --data var
"""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Descriptions as they are written, and room for the options beside their words."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=110)


class Wrapped(argparse.HelpFormatter):
    """The overview."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=110)
