"""Reads a recording back: documents, rows by name, how it ended."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from opentraction.quantities import BadInput, State
from opentraction.session import edf_format as fmt
from opentraction.session.documents import changes, plan_in_force
from opentraction.session.log_chain import LogReport, verify
from opentraction.session.recorder import DOCUMENTS, EDF
from opentraction.session.rows import RATE_HZ, Rows
from opentraction.session.waveform_proof import Waveforms, damage, damaged_end

_UNREADABLE: Final = (ValueError, LookupError, AssertionError, ArithmeticError, NameError, TypeError, AttributeError)
"""What the library makes of a damaged header; a variable that it never set among them."""


@dataclass(frozen=True)
class Recording:
    """One session as it was recorded.

    Attributes
    ----------
    rows : dict of float64 [n]
        Signals in SI by column name, `t` among them; NaN where there was no value, as `true_force` of a real table.
    annotations : list of (t [s], text)
        The events as the EDF file tells them.
    remarks : list of str
        What a reader should know: a torn last line, a second without its end.
    """

    folder: Path
    documents: list[dict[str, Any]]
    rows: dict[str, Rows]
    annotations: list[tuple[float, str]]
    log: LogReport
    remarks: list[str]

    @property
    def start(self) -> dict[str, Any]:
        """The first document."""
        return self.documents[0]

    @property
    def stop(self) -> dict[str, Any] | None:
        """The last document, None while the session was not closed."""
        last = self.documents[-1]
        return last if last["doc"] == "stop" else None

    @property
    def events(self) -> list[dict[str, Any]]:
        """Everything that happened, in order."""
        return [doc for doc in self.documents if doc["doc"] == "event"]

    @property
    def plan(self) -> dict[str, Any]:
        """The plan as it was last; up to each change's boundary it is what was pulled before the change too."""
        return dict(plan_in_force(self.documents))

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The changes of prescription that were pulled."""
        return [dict(doc) for doc in changes(self.documents)]

    @property
    def ending(self) -> str:
        """How it ended; "interrupted" without a stop document."""
        return str(self.stop["ending"]) if self.stop else "interrupted"

    @property
    def duration(self) -> float:
        """Recorded time [s]."""
        return len(self.rows["t"]) / RATE_HZ


def read_session(folder: Path) -> Recording:
    """Read a session's folder. Raises BadInput naming the file and what is wrong with it."""
    log = read_log(folder)
    rows, annotations = read_waveforms(folder / EDF)
    remarks = ["The event log ends in a torn line; it was never acknowledged."] if log.torn else []
    if log.documents[-1]["doc"] != "stop":
        remarks.append("The session was not closed; opentraction recover closes it.")
    where = _not_as_written(folder / EDF, log)
    if where:
        remarks.append(f"The waveforms are not as they were written {where}.")
    return Recording(folder, log.documents, rows, annotations, log, remarks)


def _not_as_written(path: Path, log: LogReport) -> str:
    """Where the samples or notes differ from what the log says of them; empty where they do not."""
    signals = fmt.channels(simulated=log.documents[0]["table"].get("kind") == "virtual")
    waveforms = Waveforms(path.read_bytes(), signals)
    return damage(waveforms, log.documents) or damaged_end(waveforms, log.documents)


def read_log(folder: Path) -> LogReport:
    """The event log of a folder, checked. Raises BadInput."""
    path = folder / DOCUMENTS
    try:
        log = verify(path)
    except OSError as error:
        raise BadInput(
            "folder", str(folder), f"a session's folder with {DOCUMENTS} in it ({error.strerror})"
        ) from error
    if log.bad_line is not None:
        why = State(f"not as it was written: {log.why}")
        raise BadInput(f"line {log.bad_line}", why, "a line whose hash fits the chain", str(path))
    if not log.documents or log.documents[0].get("doc") != "start":
        raise BadInput("first document", State("missing"), "a start document", str(path))
    return log


def read_waveforms(path: Path) -> tuple[dict[str, Rows], list[tuple[float, str]]]:
    """Signals in SI by column name, and annotations. Raises BadInput."""
    import edfio

    try:
        with warnings.catch_warnings():
            # A file that is still being written, or was cut off, is what this reader is for.
            warnings.simplefilter("ignore", UserWarning)
            edf = edfio.read_edf(path)
        signals = {signal.label: signal for signal in edf.signals}
        known = fmt.channels(simulated=True)
        rows = {channel.name: _values(signals[channel.label], channel) for channel in known if channel.label in signals}
        annotations = [(float(a.onset), str(a.text)) for a in edf.annotations]
    except OSError as error:
        raise BadInput("file", path.name, f"a recording ({error.strerror})", str(path)) from error
    except _UNREADABLE as error:
        allowed = "an EDF+ recording; opentraction recover closes one that was cut off"
        raise BadInput("file", State("damaged"), allowed, str(path)) from error
    missing = [channel.label for channel in fmt.channels(simulated=False) if channel.label not in signals]
    if missing:
        raise BadInput("signals", missing[0], "all signals of a session", str(path))
    return _trimmed(rows), annotations


def _values(signal: Any, channel: fmt.Channel) -> Rows:
    """One signal in SI; the digital minimum is no value."""
    digital = np.asarray(signal.digital, dtype=np.float64)
    physical = (digital - fmt.NONE) * channel.step + channel.low
    return np.where(digital == fmt.NONE, np.nan, physical / channel.per_si)


def _trimmed(rows: dict[str, Rows]) -> dict[str, Rows]:
    """Without the padding of the last second; with time, and without any value where there was no signal."""
    recorded = np.flatnonzero(np.isfinite(rows["phase"]))
    count = int(recorded[-1]) + 1 if recorded.size else 0
    out = {name: values[:count] for name, values in rows.items()}
    out.setdefault("true_force", np.full(count, np.nan))
    out["t"] = np.arange(count) / RATE_HZ
    return out
