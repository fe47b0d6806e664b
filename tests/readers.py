"""The three EDF readers a recording must open in: seconds of signal, and the notes with their times."""

from __future__ import annotations

import warnings
from pathlib import Path

import edfio
import mne
import numpy as np
import pyedflib

Note = tuple[float, str]


def by_edfio(path: Path) -> tuple[int, list[Note]]:
    edf = edfio.read_edf(path)
    return edf.num_data_records, [(round(float(a.onset), 6), str(a.text)) for a in edf.annotations]


def by_pyedflib(path: Path) -> tuple[int, list[Note]]:
    with pyedflib.EdfReader(str(path)) as edf:
        onsets, _, texts = edf.readAnnotations()
        notes = [(round(float(t), 6), str(text)) for t, text in zip(onsets, texts, strict=True)]
        return round(edf.file_duration), notes


def by_mne(path: Path) -> tuple[int, list[Note]]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        raw = mne.io.read_raw_edf(path, preload=True, verbose="error")
    notes = zip(raw.annotations.onset, raw.annotations.description, strict=True)
    assert np.isfinite(raw.get_data()).all()
    return round(raw.n_times / raw.info["sfreq"]), [(round(float(t), 6), str(text)) for t, text in notes]


READERS = {"edfio": by_edfio, "pyedflib": by_pyedflib, "mne": by_mne}
